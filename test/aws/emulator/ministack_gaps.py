"""Runs ministack with what it lacks of AWS, as far as a release needs it.

Nothing in here decides what a state machine does. It lets calls and events arrive where AWS lets them arrive.
"""

import asyncio
import contextvars
import json
import logging
import os
import urllib.error
import urllib.request

import botocore
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ministack import app
from ministack.services import eventbridge, stepfunctions


def sdk(service, endpoint):
    """A client of the AWS SDK for Python, which checks each request against AWS's model."""
    return botocore.session.get_session().create_client(
        service,
        endpoint_url=endpoint,
        region_name=os.environ["MINISTACK_REGION"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        # Step Functions repeats calls where the state machine says so.
        config=Config(retries={"total_max_attempts": 1}),
    )


def elsewhere(service, prefix, target, endpoint):
    """A service that ministack's Step Functions reaches at another endpoint."""
    client = sdk(service, endpoint)

    def call(operation, params):
        try:
            result = getattr(client, botocore.xform_name(operation))(**params)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            return status, {}, json.dumps({"__type": code, "message": message})
        except BotoCoreError as error:
            return 500, {}, json.dumps({"__type": "SdkClientException", "message": str(error)})
        del result["ResponseMetadata"]
        return 200, {}, json.dumps(result, default=lambda time: time.timestamp())

    async def handle(method, path, headers, body, query_params):
        operation = headers["x-amz-target"].split(".")[-1]
        # The loop must go on meanwhile: CodeDeploy calls us to shift the alias.
        return await asyncio.to_thread(call, operation, json.loads(body))

    app.SERVICE_HANDLERS[service] = handle
    stepfunctions._AWS_SDK_SERVICE_MAP[service] = {"target_prefix": target, "protocol": "json"}
    stepfunctions._AWS_SDK_ERROR_PREFIX[service] = prefix


def take_events_of_aws():
    """AWS takes events of aws.* from its own services only. CodeDeploy and CodePipeline are some."""
    put_events = eventbridge._put_events

    def put(data, allow_aws_source=False):
        ours = all(entry.get("Source") in ("aws.codedeploy", "aws.codepipeline") for entry in data.get("Entries", []))
        return put_events(data, allow_aws_source=allow_aws_source or ours)

    eventbridge._put_events = put


def invoke_the_version_that_is_asked_for():
    """The Lambda integration has an argument Qualifier, which ministack does not look at."""
    invoke_resource = stepfunctions._invoke_resource

    def invoke(resource, arguments):
        if "states:::lambda:invoke" in resource and arguments.get("Qualifier"):
            arguments = {**arguments, "FunctionName": arguments["FunctionName"] + ":" + arguments["Qualifier"]}
        return invoke_resource(resource, arguments)

    stepfunctions._invoke_resource = invoke


def call_lambda(endpoint):
    """Step Functions calls all of Lambda, ministack's only some of it."""
    client = sdk("lambda", endpoint)
    dispatch = stepfunctions._dispatch_aws_sdk_lambda_rest

    def call(service_info, service_name, action, params):
        if action not in ("deleteFunction", "listVersionsByFunction"):
            return dispatch(service_info, service_name, action, params)
        try:
            result = getattr(client, botocore.xform_name(action))(**params)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            raise stepfunctions._ExecutionError(stepfunctions._prefix_sdk_error(service_name, code), message) from error
        del result["ResponseMetadata"]
        return result

    stepfunctions._dispatch_aws_sdk_lambda_rest = call


def buckets_elsewhere(endpoint):
    """Buckets are where the artifacts are. ministack's Step Functions knows nothing of an object's hash."""
    client = sdk("s3", endpoint)
    dispatch = stepfunctions._dispatch_aws_sdk_rest_xml

    def call(service_info, service_name, action, params):
        if service_name != "s3":
            return dispatch(service_info, service_name, action, params)
        try:
            result = getattr(client, botocore.xform_name(action))(**params)
        except ClientError as error:
            raise stepfunctions._ExecutionError("S3.S3Exception", error.response["Error"]["Message"]) from error
        del result["ResponseMetadata"]
        return json.loads(json.dumps(result, default=str))

    stepfunctions._dispatch_aws_sdk_rest_xml = call


def ask_iam(endpoint):
    """AWS asks IAM whether a role may make a call before it makes the call. ministack asks nobody."""
    role = contextvars.ContextVar("role")
    execute_task, invoke_resource, invoke_target = stepfunctions._execute_task, stepfunctions._invoke_resource, eventbridge._invoke_target

    def ask(role, integration, arguments):
        """What the caller is told if the role may not make the call: name and cause of an error."""
        body = json.dumps({"role": role, "integration": integration, "arguments": arguments}).encode()
        try:
            urllib.request.urlopen(urllib.request.Request(endpoint, data=body)).close()
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)
        return None

    def execute(state, raw_input, execution, context):
        role.set(stepfunctions._state_machines[execution["stateMachineArn"]]["roleArn"])
        return execute_task(state, raw_input, execution, context)

    def invoke(resource, arguments):
        refusal = ask(role.get(), resource, arguments)
        if refusal:
            raise stepfunctions._ExecutionError(refusal["name"], refusal["cause"])
        return invoke_resource(resource, arguments)

    def target(target, event, rule, view=None):
        # Of the targets here, state machines are started in the name of a role.
        if target.get("RoleArn"):
            refusal = ask(target["RoleArn"], "states:startExecution", {"StateMachineArn": target["Arn"]})
            if refusal:
                logging.error("EventBridge: %s", refusal["cause"])
                return
        invoke_target(target, event, rule, view)

    stepfunctions._execute_task, stepfunctions._invoke_resource, eventbridge._invoke_target = execute, invoke, target


if __name__ == "__main__":
    os.environ.pop("AWS_PROFILE", None)  # There are no profiles: see who starts us.
    # The one that shifts the alias, the one that knows who has approved that, and the one that knows what came of it.
    elsewhere("codedeploy", "CodeDeploy", "CodeDeploy_20141006", os.environ["CODEDEPLOY_ENDPOINT"])
    elsewhere("codepipeline", "CodePipeline", "CodePipeline_20150709", os.environ["CODEDEPLOY_ENDPOINT"])
    elsewhere("cloudwatch", "CloudWatch", "GraniteServiceVersion20100801", os.environ["CODEDEPLOY_ENDPOINT"])
    buckets_elsewhere(os.environ["CODEDEPLOY_ENDPOINT"])
    take_events_of_aws()
    invoke_the_version_that_is_asked_for()
    ask_iam(os.environ["IAM_ENDPOINT"])
    call_lambda(f"http://{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}")
    app.main()
