// Evaluates expressions with the reference implementation of JSONata. It reads a list of them, each with the values of its variables,
// and writes for each its value, or its error.
const { createHash } = require("crypto");
const { text } = require("stream/consumers");
const jsonata = require("jsonata");

async function evaluate({ expression, variables }) {
  const compiled = jsonata(expression);
  // Step Functions' own. See https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
  compiled.registerFunction("hash", (of, algorithm) => createHash(algorithm.replace("-", "")).update(of).digest("hex"));
  const value = await compiled.evaluate(undefined, variables);
  return value === undefined ? { error: "it has no value" } : { value };
}

async function main() {
  const all = JSON.parse(await text(process.stdin)).map((one) => evaluate(one).catch((error) => ({ error: error.message })));
  process.stdout.write(JSON.stringify(await Promise.all(all)));
}

main();
