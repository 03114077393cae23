// One work on Polar's own SDK, once for each line of the standard input: node
// child.mjs WORK URL. What it cost is a line of JSON, as bench prints it.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createPolar } from "@polar-sh/sdk/2026-10";

const [work, baseUrl] = process.argv.slice(2);
const polar = createPolar({ accessToken: "polar_oat_benchmark", baseUrl, timeout: 300 });

const uuid = (kind, i) => {
  const hex = (n, digits) => n.toString(16).padStart(digits, "0");
  const first = Number((BigInt(i) * 2654435761n) & 0xffffffffn);
  return `${hex(first, 8)}-${hex(kind, 4)}-4000-8000-${hex(i, 12)}`;
};

const times = async (call) => {
  let length = 0;
  for (let i = 0; i < 500; i++) length += (await call(i)).length;
  return String(length);
};

const list = async () => {
  let n = 0;
  let length = 0;
  for (let page = 1; ; page++) {
    const { items, pagination } = await polar.customers.list({ page, limit: 100, sorting: ["created_at"] });
    for (const customer of items) {
      n++;
      length += customer.id.length;
    }
    if (page >= pagination.max_page) return `${n} of ${length}`;
  }
};

const works = {
  "get-external": () => times(async (i) => (await polar.customers.getExternal(`user_${i}`)).id),
  state: () => times(async (i) => {
    const state = await polar.customers.getState(uuid(1, i));
    return state.id + state.active_subscriptions[1].id;
  }),
  list,
  "list-50ms": list,
  export: async () => String(Buffer.byteLength(await polar.customers.export())),
};

for await (const _ of createInterface({ input: process.stdin })) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const Sum = await works[work]();
  const Wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const Peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  console.log(JSON.stringify({ Wall, CPU: (user + system) / 1000, Peak, Sum }));
}
