// Compares three implementations: the verifier of Polar's TypeScript SDK, the Standard
// Webhooks library, and package webhook in the program that is the first argument. They
// must accept each other's signatures, and refuse the same requests.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { webhooks } from "@polar-sh/sdk/2026-10";
import { Webhook } from "standardwebhooks";

const go = spawn(process.argv[2], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: go.stdout })[Symbol.asyncIterator]();
const ask = async (task) => {
  go.stdin.write(JSON.stringify(task) + "\n");
  return JSON.parse((await lines.next()).value);
};

const goAccepts = async (d) => !(await ask({ do: "verify", ...d })).error;

// The SDK reports an unknown type after it has verified the request.
const sdkAccepts = async (d) => {
  try {
    await webhooks.validateEvent(d.body, d.headers, d.secret);
    return true;
  } catch (error) {
    if (error instanceof webhooks.PolarWebhookUnknownTypeError) return true;
    if (error instanceof webhooks.PolarWebhookVerificationError) return false;
    throw error;
  }
};

const now = () => Math.floor(Date.now() / 1000);
const headers = (id, seconds, signature) => ({
  "webhook-id": id,
  "webhook-timestamp": String(seconds),
  "webhook-signature": signature,
});

let checks = 0;
const both = async (what, delivery, want) => {
  assert.equal(await goAccepts(delivery), want, `${what}: package webhook`);
  assert.equal(await sdkAccepts(delivery), want, `${what}: @polar-sh/sdk`);
  checks += 2;
};

const bodies = ['{"type":"order.paid","data":{}}', '{"type":"x","data":{"name":"Zoë 🦊 \\u0000"}}', "{}"];
const secrets = [
  "whsec_Xq3vYkT0mWn8LhJ2sRb5PdZc7GfA1uEo9iKxQt4yB6w",
  "polar_whs_Xq3vYkT0mWn8LhJ2sRb5PdZc7GfA1uEo9iK",
  "a secret of the seller's own choice, ünïcode",
  "whsec_" + randomBytes(24).toString("base64"),
];

for (const secret of secrets) {
  for (const body of bodies) {
    const id = randomUUID();
    const at = now();
    const { signature } = await ask({ do: "sign", secret, id, seconds: at, body });
    const good = { secret, body, headers: headers(id, at, signature) };
    await both("signed by package webhook", good, true);

    // The service signs with this library; the key is the whole secret.
    const raw = new Webhook(Buffer.from(secret), { format: "raw" });
    assert.equal(raw.sign(id, new Date(at * 1000), body), signature, "the signatures differ");
    raw.verify(body, good.headers, { jsonParse: false });
    checks += 2;

    const changed = (h) => ({ ...good, headers: { ...good.headers, ...h } });
    await both("another body", { ...good, body: body + " " }, false);
    await both("another ID", changed({ "webhook-id": randomUUID() }), false);
    await both("another time", changed({ "webhook-timestamp": String(at - 1) }), false);
    await both("fraction of a second", changed({ "webhook-timestamp": `${at}.5` }), true);
    await both("no number", changed({ "webhook-timestamp": "soon" }), false);
    await both("several signatures", changed({ "webhook-signature": `v1a,AA v1,AAAA ${signature}` }), true);
    await both("another version", changed({ "webhook-signature": signature.replace("v1", "v2") }), false);
    await both("no signature", changed({ "webhook-signature": "" }), false);
    await both("another secret", { ...good, secret: "polar_whs_another" }, false);
    await both("no secret", { ...good, secret: "" }, false);
    for (const [age, want] of [[290, true], [310, false], [-290, true], [-310, false]]) {
      const then = now() - age;
      const signed = await ask({ do: "sign", secret, id, seconds: then, body });
      await both(`signed ${age} s ago`, { secret, body, headers: headers(id, then, signed.signature) }, want);
    }
  }
}

// Standard Webhooks: the key is the decoded part after the prefix.
for (const secret of [secrets[3], "whsec_" + randomBytes(32).toString("base64")]) {
  for (const body of bodies) {
    const id = randomUUID();
    const at = now();
    const signature = new Webhook(secret).sign(id, new Date(at * 1000), body);
    await both("signed as Standard Webhooks does", { secret, body, headers: headers(id, at, signature) }, true);
  }
}

go.stdin.end();
console.log(`webhook interop: ${checks} checks agree`);
