// Runs every customer and member operation of Polar's TypeScript SDK against a
// server, happy and failing, and checks the responses against the types it declares.
import { PolarClientError } from "@polar-sh/sdk";
import { createPolar, errors } from "@polar-sh/sdk/2026-10";
import { differ, resultType } from "./conform.mjs";

const baseUrl = process.argv[2];
const connect = (accessToken, more = {}) => createPolar({ accessToken, baseUrl, timeout: 20, ...more });
const polar = connect("polar_oat_interop");
const readOnly = connect("polar_oat_readonly");
const expired = connect("polar_oat_expired");
const user = connect("polar_pat_interop");

const rich = "20000000-0000-4000-8000-000000000001";
const nobody = "11111111-1111-4111-8111-111111111111";
const rows = new Map();
let failed = 0;

function row(name) {
  if (!rows.has(name)) rows.set(name, { happy: 0, failing: 0 });
  return rows.get(name);
}

function report(name, what, problem) {
  failed++;
  console.error(`FAIL ${name} (${what}): ${problem}`);
}

const find = (client, name) => name.split(".").reduce((at, n) => at[n], client.customers);

// good calls an operation that is to succeed.
async function good(name, ...args) {
  row(name).happy++;
  try {
    let result = find(polar, name)(...args);
    if (name.split(".").pop().startsWith("iter")) {
      const items = [];
      for await (const item of result) items.push(item);
      const type = resultType("customers", ...name.split("."));
      const problem = items.map((v, i) => differ(v, type, `item ${i}`)).find((p) => p);
      if (problem) report(name, "happy", problem);
      if (items.length === 0) report(name, "happy", "no items");
      return items;
    }
    result = await result;
    const problem = differ(result, resultType("customers", ...name.split(".")));
    if (problem) report(name, "happy", problem);
    return result;
  } catch (e) {
    report(name, "happy", e.message);
  }
}

// bad calls an operation that is to fail with an error of a class, and checks
// what the error holds.
async function bad(client, name, wanted, ...args) {
  row(name).failing++;
  try {
    const result = find(client, name)(...args);
    if (result[Symbol.asyncIterator]) await result.next();
    else await result;
    report(name, "failing", "it succeeded");
  } catch (e) {
    if (!(e instanceof wanted.type)) return report(name, "failing", `${e.constructor.name}: ${e.message}`);
    if (wanted.status !== undefined && e.statusCode !== wanted.status) report(name, "failing", `status ${e.statusCode}`);
    const error = typeof e.error === "string" ? JSON.parse(e.error) : e.error;
    if (wanted.code !== undefined && error?.error !== wanted.code) report(name, "failing", `code ${error?.error}`);
    if (wanted.type === errors.HTTPValidationError) {
      for (const d of error.detail ?? [{}]) {
        if (typeof d.msg !== "string" || typeof d.type !== "string" || !Array.isArray(d.loc)) report(name, "failing", JSON.stringify(d));
      }
    }
  }
}

const missing = { type: errors.ResourceNotFound, status: 404, code: "ResourceNotFound" };
const invalid = { type: errors.HTTPValidationError, status: 422, code: "RequestValidationError" };
const refused = { type: errors.HTTPValidationError, status: 422, code: "PolarRequestValidationError" };
const permitted = { type: errors.NotPermitted, status: 403, code: "NotPermitted" };
const ambiguous = { type: errors.AmbiguousExternalCustomerID, status: 409, code: "AmbiguousExternalCustomerID" };
const unauthorized = { type: PolarClientError, status: 401, code: "invalid_token" };
const scope = { type: PolarClientError, status: 403, code: "insufficient_scope" };

function same(name, got, want) {
  if (JSON.stringify(got) !== JSON.stringify(want)) report(name, "values", `${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

// Customers.
const ada = await good("create", {
  type: "individual", email: "Ada@POLAR.sh", external_id: "ada", name: " Ada ", locale: "EN-us", metadata: { a: 1, b: "x", c: true, d: 1.5 },
  billing_address: { country: "US", state: "NY" }, tax_id: "91-1144442", owner: { email: "own@polar.sh" },
});
same("create", [ada.email, ada.name, ada.locale, ada.tax_id], ["Ada@polar.sh", "Ada", "en-US", ["911144442", "us_ein"]]);
const team = await good("create", { type: "team", name: "Team", external_id: "team", owner: { email: "boss@polar.sh" } });
same("create", [team.type, team.email], ["team", null]);
await bad(polar, "create", refused, { type: "individual", email: "ADA@polar.sh", external_id: "ada" });
await bad(polar, "create", invalid, { type: "individual", email: "nonsense" });
await bad(polar, "create", invalid, { type: "team", name: "no owner" });
await bad(readOnly, "create", scope, { type: "individual", email: "x@polar.sh" });

same("get", (await good("get", ada.id)).id, ada.id);
await bad(polar, "get", missing, nobody);
await bad(polar, "get", invalid, "bad");
await bad(expired, "get", unauthorized, ada.id);
same("getExternal", (await good("getExternal", "ada")).id, ada.id);
await bad(polar, "getExternal", missing, "nobody");

const page = await good("list", { limit: 1, page: 2, sorting: ["name", "-email"] });
same("list", page.items.length, 1);
same("list", (await good("list", { email: "ADA@polar.sh" })).items.map((c) => c.id), [ada.id]);
same("list", (await good("list", { query: "ada", metadata: { b: ["x", "y"], c: true } })).items.map((c) => c.id), [ada.id]);
same("list", (await good("list", { active: true })).items.map((c) => c.id), [rich]);
await bad(polar, "list", invalid, { page: 0 });
await bad(polar, "list", invalid, { organization_id: "bad" });
same("iterList", (await good("iterList", { limit: 1 })).length, page.pagination.total_count);
await bad(polar, "iterList", invalid, { limit: -1 });

const csv = await good("export");
same("export", csv.split("\r\n").length - 2, page.pagination.total_count);
await bad(polar, "export", invalid, { organization_id: "bad" });

same("update", (await good("update", ada.id, { name: null, metadata: {} })).name, null);
await bad(polar, "update", refused, ada.id, { external_id: "other" });
await bad(polar, "update", missing, nobody, { name: "x" });
same("updateExternal", (await good("updateExternal", "ada", { locale: "de" })).locale, "de");
await bad(polar, "updateExternal", invalid, "ada", { email: "x" });

const state = await good("getState", rich);
same("getState", [state.active_subscriptions.length, state.granted_benefits.length, state.active_meters.length], [2, 8, 1]);
await bad(polar, "getState", missing, nobody);
await good("getStateExternal", "rich");
await bad(polar, "getStateExternal", missing, "nobody");

same("listPaymentMethods", (await good("listPaymentMethods", rich)).items.map((m) => m.type), ["sepa_debit", "kr_card", "card"]);
await bad(polar, "listPaymentMethods", invalid, rich, { limit: 0 });
await good("listPaymentMethodsExternal", "rich", { limit: 2 });
await bad(polar, "listPaymentMethodsExternal", missing, "nobody");
same("iterListPaymentMethods", (await good("iterListPaymentMethods", rich, { limit: 1 })).length, 3);
await bad(polar, "iterListPaymentMethods", missing, nobody);
same("iterListPaymentMethodsExternal", (await good("iterListPaymentMethodsExternal", "rich", { limit: 1 })).length, 3);
await bad(polar, "iterListPaymentMethodsExternal", missing, "nobody");

// Members.
const one = await good("members.create", team.id, { email: "one@polar.sh", external_id: "one", name: "One" });
same("members.create", one.role, "member");
await good("members.createExternal", "team", { email: "two@polar.sh", external_id: "two", role: "billing_manager" });
await bad(polar, "members.create", permitted, ada.id, { email: "more@polar.sh" });
await bad(polar, "members.create", invalid, team.id, { email: "x" });
await bad(polar, "members.createExternal", missing, "nobody", { email: "x@polar.sh" });
await bad(user, "members.createExternal", ambiguous, "twin", { email: "x@polar.sh" });

same("members.list", (await good("members.list", team.id, { sorting: ["created_at"] })).items.map((m) => m.role), ["owner", "member", "billing_manager"]);
await bad(readOnly, "members.list", scope, team.id);
same("members.listExternal", (await good("members.listExternal", "team", { role: "owner" })).items.length, 1);
await bad(user, "members.listExternal", ambiguous, "twin");
same("members.iterList", (await good("members.iterList", team.id, { limit: 1 })).length, 3);
await bad(polar, "members.iterList", missing, nobody);
same("members.iterListExternal", (await good("members.iterListExternal", "team", { limit: 2 })).length, 3);
await bad(polar, "members.iterListExternal", missing, "nobody");

same("members.get", (await good("members.get", team.id, one.id)).id, one.id);
await bad(polar, "members.get", missing, ada.id, one.id);
same("members.getExternal", (await good("members.getExternal", "team", "one")).id, one.id);
await bad(user, "members.getExternal", ambiguous, "twin", "one");

same("members.update", (await good("members.update", team.id, one.id, { role: "owner" })).role, "owner");
await bad(polar, "members.update", refused, team.id, one.id, { role: "member" });
same("members.updateExternal", (await good("members.updateExternal", "team", "two", { name: "Two" })).name, "Two");
await bad(polar, "members.updateExternal", missing, "team", "nobody", { name: "x" });

await good("members.deleteExternal", "team", "two");
await bad(polar, "members.deleteExternal", missing, "team", "two");
await bad(polar, "members.delete", refused, team.id, one.id);
const three = await good("members.create", team.id, { email: "three@polar.sh" });
await good("members.delete", team.id, three.id);

await good("delete", ada.id, { anonymize: true });
await bad(polar, "delete", missing, ada.id);
await good("deleteExternal", "team");
await bad(polar, "deleteExternal", missing, "team");

// Nothing may have been left out.
const all = [
  ...Object.keys(polar.customers).filter((k) => k !== "members"),
  ...Object.keys(polar.customers.members).map((k) => `members.${k}`),
];
for (const name of all) {
  const { happy, failing } = row(name);
  if (happy === 0 || failing === 0) report(name, "coverage", `${happy} happy and ${failing} failing calls`);
}

const width = Math.max(...all.map((n) => n.length));
console.log(`${"operation".padEnd(width)}  happy  failing`);
for (const name of all) console.log(`${name.padEnd(width)}  ${String(rows.get(name).happy).padStart(5)}  ${String(rows.get(name).failing).padStart(7)}`);
console.log(`total: ${all.length} operations, ${failed} failures`);
process.exit(failed === 0 ? 0 : 1);
