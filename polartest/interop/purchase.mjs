// Buys a product of polar-sandbox with Polar's TypeScript SDK, pays as a browser does,
// reads the purchase, and verifies every delivered event with the SDK. Its arguments are
// the program and its seed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { createPolar, webhooks } from "@polar-sh/sdk/2026-10";
import { differ, eventType, resultType } from "./conform.mjs";

const [program, seed] = process.argv.slice(2);
const secret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
const accessToken = "polar_oat_purchase";

// The events of a new customer's first purchase, which is a subscription with four
// benefits. The event of a second checkout comes last, and shows that none is missing.
const expected = [
  "checkout.created",
  "checkout.updated", // the form
  "member.created", "customer.created", "customer.state_changed", "checkout.updated",
  "subscription.created", "subscription.active", "subscription.updated",
  "order.created", "order.updated", "order.paid", "checkout.updated",
  "benefit_grant.created", "benefit_grant.created", "benefit_grant.created", "benefit_grant.created",
  "customer.state_changed",
  "checkout.created",
];

// The endpoint keeps all deliveries. It accepts only those that the SDK verifies.
const deliveries = [];
const endpoint = createServer(async (request, response) => {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) body += chunk;
  const delivery = { headers: request.headers, body };
  try {
    delivery.event = await webhooks.validateEvent(body, request.headers, secret);
  } catch (error) {
    delivery.error = error;
  }
  response.writeHead(delivery.error ? 403 : 202).end();
  deliveries.push(delivery);
  endpoint.emit("delivery");
});
endpoint.listen(0, "127.0.0.1");
await once(endpoint, "listening");

const hook = `http://127.0.0.1:${endpoint.address().port}/`;
const sandbox = spawn(
  program,
  ["-addr", "127.0.0.1:0", "-token", accessToken, "-seed", seed, "-webhooks", hook, "-webhook-secret", secret],
  { stdio: ["ignore", "pipe", "inherit"] },
);
process.on("exit", () => sandbox.kill());

const baseUrl = await new Promise((resolve, reject) => {
  sandbox.on("error", reject);
  sandbox.on("exit", (code) => reject(new Error(`polar-sandbox ended with ${code}`)));
  createInterface({ input: sandbox.stdout }).on("line", (line) => {
    const found = /^ *URL +(\S+)/.exec(line);
    if (found) resolve(found[1]);
  });
});
const polar = createPolar({ accessToken, baseUrl, timeout: 20 });

// call runs an operation and compares its result with the type that the SDK declares.
async function call(service, name, ...args) {
  const result = await polar[service][name](...args);
  assert.equal(differ(result, resultType(service, name), `${service}.${name}`), undefined);
  return result;
}

const unescape = (text) => text.replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(n)).replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// pay submits the form of a checkout's page, and returns the URL of the redirect.
async function pay(url, entered) {
  const opened = await fetch(url, { headers: { accept: "text/html" } });
  const page = await opened.text();
  assert.equal(opened.status, 200, page);
  const form = new URLSearchParams(entered);
  for (const [, name, value] of page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)) form.set(name, unescape(value));
  for (const name of Object.keys(entered)) assert.match(page, new RegExp(` name="${name}"`));
  form.set("action", "pay");
  const cookie = opened.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
  const sent = await fetch(url, {
    method: "POST", body: form, redirect: "manual",
    headers: { accept: "text/html", cookie, origin: new URL(url).origin, "sec-fetch-site": "same-origin" },
  });
  assert.equal(sent.status, 303, await sent.text());
  return sent.headers.get("location");
}

const catalogue = await call("products", "list", { sorting: ["name"] });
const product = catalogue.items.find((p) => p.name === "Pro");
assert.ok(product, "the seed has no product named Pro");

const checkout = await call("checkouts", "create", {
  products: [product.id], external_customer_id: "linus", success_url: "https://shop.example/thanks?checkout_id={CHECKOUT_ID}",
});
assert.deepEqual([checkout.status, checkout.customer_id, checkout.amount], ["open", null, 1900]);
const location = await pay(checkout.url, { customer_email: "linus@polar.sh", customer_name: "Linus", country: "GB" });
assert.equal(location, `https://shop.example/thanks?checkout_id=${checkout.id}`);

const paid = await call("checkouts", "get", checkout.id);
assert.equal(paid.status, "succeeded");
const customer = await call("customers", "getExternal", "linus");
assert.deepEqual([customer.id, customer.email, customer.name], [paid.customer_id, "linus@polar.sh", "Linus"]);

const orders = await call("orders", "list", { customer_id: customer.id });
assert.equal(orders.items.length, 1);
const order = await call("orders", "get", orders.items[0].id);
assert.deepEqual(
  [order.status, order.paid, order.billing_reason, order.subtotal_amount, order.total_amount, order.product_id, order.checkout_id],
  ["paid", true, "subscription_create", 1900, paid.total_amount, product.id, checkout.id],
);

const subscription = await call("subscriptions", "get", order.subscription_id);
assert.deepEqual(
  [subscription.status, subscription.amount, subscription.product_id, subscription.customer_id, subscription.checkout_id],
  ["active", 1900, product.id, customer.id, checkout.id],
);

const state = await call("customers", "getStateExternal", "linus");
assert.deepEqual(state.active_subscriptions.map((s) => [s.id, s.product_id, s.status]), [[subscription.id, product.id, "active"]]);
assert.deepEqual(state.granted_benefits.map((g) => g.benefit_id).sort(), product.benefits.map((b) => b.id).sort());
assert.deepEqual(state.active_meters.map((m) => m.balance), [1000]);

const last = await call("checkouts", "create", { products: [product.id] });

// Wait for the event of that checkout.
const timeout = AbortSignal.timeout(30_000);
while (!deliveries.some((d) => d.error || d.event.data.id === last.id)) {
  await once(endpoint, "delivery", { signal: timeout }).catch(() => {
    throw new Error(`no event of the last checkout after 30 s; received ${deliveries.map((d) => d.event.type).join(" ")}`);
  });
}
for (const d of deliveries) if (d.error) throw new Error(`the SDK refuses a delivery: ${d.error.message}\n${d.body}`);
const events = deliveries.map((d) => d.event);
assert.deepEqual(events.map((e) => e.type), expected);
assert.equal(new Set(deliveries.map((d) => d.headers["webhook-id"])).size, expected.length, "two deliveries share an ID");
for (const [i, e] of events.entries()) assert.equal(differ(e, eventType, `event ${i}, ${e.type}`), undefined);

// The events are about the objects that were read.
const of = (type) => events.filter((e) => e.type === type).at(-1).data;
assert.equal(of("order.paid").id, order.id);
assert.equal(of("subscription.active").id, subscription.id);
assert.equal(of("customer.created").id, customer.id);
assert.equal(events.filter((e) => e.type === "checkout.updated").at(-1).data.status, "succeeded");
assert.deepEqual(of("customer.state_changed").granted_benefits.map((g) => g.id).sort(), state.granted_benefits.map((g) => g.id).sort());

// The SDK refuses each of them with another secret or another body.
for (const { headers, body } of deliveries) {
  await assert.rejects(webhooks.validateEvent(body, headers, secret + "x"), webhooks.PolarWebhookVerificationError);
  await assert.rejects(webhooks.validateEvent(body + " ", headers, secret), webhooks.PolarWebhookVerificationError);
}

console.log(`purchase: checkout paid, order ${order.status}, subscription ${subscription.status}, ${state.granted_benefits.length} benefits granted`);
console.log(`purchase: ${events.length} deliveries verified, in order: ${events.map((e) => e.type).join(" ")}`);
process.exit(0);
