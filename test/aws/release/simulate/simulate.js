// Decides requests with a simulator of IAM that others maintain. It reads a list of them, each with the role that makes it and the policies
// that count, and writes for each the decision, or what is wrong with the request or the policies.
const { text } = require("stream/consumers");
const { runSimulation } = require("@cloud-copilot/iam-simulate");

// No organisation has a say here.
const everything = [{ orgIdentifier: "o-1", policies: [{ name: "all", policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] } }] }];

async function decide({ role, account, request, identity, resource }) {
  const result = await runSimulation(
    {
      request: { principal: role, action: request.Action, resource: { resource: request.Resource, accountId: account }, contextVariables: request.Context },
      identityPolicies: identity.map((policy, i) => ({ name: `policy-${i}`, policy })),
      resourcePolicy: resource,
      serviceControlPolicies: everything,
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === "error") return { error: JSON.stringify(result.errors) };
  // Keys that the action does not know are left out, which would hide a mistake.
  const ignored = (result.result ?? result.results[0])?.ignoredContextKeys ?? [];
  return ignored.length > 0 ? { error: `the action has no condition keys ${ignored}` } : { decision: result.overallResult };
}

async function main() {
  const all = JSON.parse(await text(process.stdin)).map((one) => decide(one).catch((error) => ({ error: error.message })));
  process.stdout.write(JSON.stringify(await Promise.all(all)));
}

main();
