// Compares values with the types that the SDK declares. Programs have no types at run
// time, so that this uses TypeScript's own checker.
import ts from "typescript";
import path from "node:path";

const source = path.resolve("subject.mts");
const text = `import { createPolar, webhooks } from "@polar-sh/sdk/2026-10";
export declare const polar: ReturnType<typeof createPolar>;
export declare const event: Awaited<ReturnType<typeof webhooks.validateEvent>>;`;

const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, noEmit: true };
const host = ts.createCompilerHost(options);
const real = { getSourceFile: host.getSourceFile, fileExists: host.fileExists, readFile: host.readFile };
host.fileExists = (f) => f === source || real.fileExists(f);
host.readFile = (f) => (f === source ? text : real.readFile(f));
host.getSourceFile = (f, v) => (f === source ? ts.createSourceFile(f, text, v) : real.getSourceFile(f, v));
const program = ts.createProgram([source], options, host);
const problems = program.getSemanticDiagnostics();
if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, host));
const checker = program.getTypeChecker();
const file = program.getSourceFile(source);
const declared = checker.getSymbolAtLocation(file).exports;
const polar = declared.get("polar");

// eventType is the type of a verified event.
export const eventType = checker.getTypeOfSymbolAtLocation(declared.get("event"), file);

// resultType returns the type of the result of polar.<names>(): T of Promise<T> or of
// AsyncGenerator<T>.
export function resultType(...names) {
  let type = checker.getTypeOfSymbolAtLocation(polar, file);
  for (const name of names) type = checker.getTypeOfSymbolAtLocation(type.getProperty(name), file);
  const returned = type.getCallSignatures()[0].getReturnType();
  return checker.getTypeArguments(returned)[0];
}

// SDK 1.0.1 declares a subscription's status in a state as "granted" or
// "disabled", which is another type of the same name. Its own document contradicts that.
const misdeclared = [{ at: /\.active_subscriptions\[\d+\]\.status$/, values: ["active", "trialing"] }];

// SDK 1.0.1 is generated from a later contract than this module. These properties are
// neither in openapi/polar.yaml nor in the recordings of the service.
const newer = [/^Product\.is_deletable$/, /^OrderItemSchema\.\w+_timestamp$/, /^Benefit\w+Public\.properties$/, /^Webhook\w+Payload\.api_version$/];

// differ describes where a value is not of the type. It returns undefined if it is.
export function differ(value, type, at = "result") {
  const flags = type.flags;
  const known = misdeclared.find((m) => m.at.test(at));
  if (known && known.values.includes(value)) return;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return;
  if (type.isUnion()) {
    const found = type.types.map((t) => differ(value, t, at));
    if (found.some((f) => f === undefined)) return;
    // The alternative of the same kind explains most.
    return found.find((f) => !f.startsWith(`${at}.type: `) && !f.startsWith(`${at}: `)) ?? found[0];
  }
  if (type.isIntersection()) return type.types.map((t) => differ(value, t, at)).find((f) => f !== undefined);
  const wrong = `${at}: ${JSON.stringify(value)} is not ${checker.typeToString(type)}`;
  if (flags & ts.TypeFlags.StringLiteral || flags & ts.TypeFlags.NumberLiteral) return value === type.value ? undefined : wrong;
  if (flags & ts.TypeFlags.BooleanLiteral) return String(value) === checker.typeToString(type) ? undefined : wrong;
  if (flags & ts.TypeFlags.String) return typeof value === "string" ? undefined : wrong;
  if (flags & ts.TypeFlags.Number) return typeof value === "number" ? undefined : wrong;
  if (flags & ts.TypeFlags.Boolean) return typeof value === "boolean" ? undefined : wrong;
  if (flags & ts.TypeFlags.Null) return value === null ? undefined : wrong;
  if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return value === undefined ? undefined : wrong;
  if (checker.isTupleType(type)) {
    const parts = checker.getTypeArguments(type);
    if (!Array.isArray(value) || value.length !== parts.length) return wrong;
    return first(parts.map((t, i) => differ(value[i], t, `${at}[${i}]`)));
  }
  if (checker.isArrayType(type)) {
    if (!Array.isArray(value)) return wrong;
    const item = checker.getTypeArguments(type)[0];
    return first(value.map((v, i) => differ(v, item, `${at}[${i}]`)));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong;
  return object(value, type, at);
}

function object(value, type, at) {
  const known = new Set();
  for (const property of type.getProperties()) {
    known.add(property.name);
    if (!(property.name in value)) {
      if (property.flags & ts.SymbolFlags.Optional) continue;
      if (newer.some((n) => n.test(`${type.symbol.name}.${property.name}`))) continue;
      return `${at}.${property.name}: missing`;
    }
    const found = differ(value[property.name], checker.getTypeOfSymbolAtLocation(property, file), `${at}.${property.name}`);
    if (found) return found;
  }
  const rest = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (!rest) return;
  return first(Object.entries(value).filter(([k]) => !known.has(k)).map(([k, v]) => differ(v, rest, `${at}.${k}`)));
}

const first = (list) => list.find((f) => f !== undefined);
