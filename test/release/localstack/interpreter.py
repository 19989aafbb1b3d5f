"""Runs executions of state machines in LocalStack's interpreter of the States Language, on a clock that the caller moves.

LocalStack parses definitions, evaluates JSONata by the Java library of Dashjoin, and makes calls with AWS's SDK for Python. What is
replaced below is of two kinds: what surrounds the interpreter, and what it does in another way than AWS. The latter says who is right,
and why.

The first line of standard input is JSON: the directory of the Java libraries, and the names of AWS's SDK for Java by service. The first
line of standard output is the port that answers. The process ends with its standard input.
"""

import datetime
import hashlib
import json
import logging
import os
import sys
import threading
import traceback
import types
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SETUP = json.loads(sys.stdin.readline())
logging.disable()  # An execution that fails is nothing to tell.


# What surrounds the interpreter.


def stand_in(name, **members):
    """Stand in for a module of LocalStack's that has little to do with state machines, and asks for a newer Python."""
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


class Libraries:
    """The Java libraries, which are installed already."""

    def get_installer(self):
        return self

    def install(self):
        pass

    def get_java_lib_path(self):
        return jpype.getDefaultJVMPath()

    def get_installed_dir(self):
        return SETUP["jars"]


stand_in("localstack.services.stepfunctions.packages", jpype_jsonata_package=Libraries())
stand_in("localstack.services.events.utils", to_json_str=json.dumps)

import botocore.session
import jpype
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from localstack.aws.api.stepfunctions import StateMachineType
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import CustomErrorName
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import FailureEventException
from localstack.services.stepfunctions.asl.component.common.retry import jitter_strategy_decl, retrier_decl
from localstack.services.stepfunctions.asl.component.intrinsic import jsonata as functions
from localstack.services.stepfunctions.asl.component.state import state
from localstack.services.stepfunctions.asl.component.state.state_execution.execute_state import ExecutionState
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.lambda_eval_utils import (
    LambdaFunctionErrorException,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_dynamodb,
    state_task_service_lambda,
    state_task_service_sns,
)
from localstack.services.stepfunctions.asl.component.state.state_wait.wait_function.wait_function import WaitFunction
from localstack.services.stepfunctions.asl.eval import evaluation_details
from localstack.services.stepfunctions.asl.eval.event import event_manager
from localstack.services.stepfunctions.asl.eval.program_state import ProgramEnded, ProgramError, ProgramTimedOut
from localstack.services.stepfunctions.asl.jsonata import jsonata
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser
from localstack.services.stepfunctions.asl.utils import encoding
from localstack.services.stepfunctions.backend import execution_worker

AwsSdk = state_task_service_aws_sdk.StateTaskServiceAwsSdk
DynamoDB = state_task_service_dynamodb.StateTaskServiceDynamoDB
Lambda = state_task_service_lambda.StateTaskServiceLambda
Sns = state_task_service_sns.StateTaskServiceSns
TASKS = AwsSdk, DynamoDB, Lambda, Sns


class Moment(datetime.datetime):
    """A time of the virtual clock.

    State.EnteredTime is written as AWS does, which is right: its guide has 2019-03-26T20:14:13.192Z. LocalStack adds +00:00.
    See https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(caller.now.timestamp(), tz=datetime.UTC)

    def isoformat(self):
        return super().isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Caller:
    """Who lets executions run. They share a clock and an endpoint of AWS's."""

    now = endpoint = waits = region = None

    def __init__(self):
        self.session = botocore.session.get_session()
        self.clients = {}
        self.mistakes = []

    def wait(self, env, seconds):
        """Let time pass, unless the execution is over before."""
        with urllib.request.urlopen(self.waits, data=json.dumps(seconds).encode()) as response:
            answer = json.load(response)
        self.now = datetime.datetime.fromisoformat(answer["now"])
        if answer["over"]:
            env.set_timed_out()

    def client(self, service, region, state_credentials):
        """A client of AWS's SDK, which checks each request against AWS's model. Retries are the state machine's business."""
        key = service, self.endpoint
        if key not in self.clients:
            self.clients[key] = self.session.create_client(
                service,
                endpoint_url=self.endpoint,
                region_name=self.region,
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        return self.clients[key]


caller = Caller()


def on_the_clock():
    """Waiting and looking at the time."""
    clock = types.SimpleNamespace(UTC=datetime.UTC, datetime=Moment)
    state.datetime = event_manager.datetime = clock
    WaitFunction._wait_interval = lambda self, env, wait_seconds: caller.wait(env, wait_seconds)

    waiting = threading.local()
    handle_retry = ExecutionState._handle_retry

    def handle(self, env, failure_event):
        waiting.env = env
        return handle_retry(self, env, failure_event)

    ExecutionState._handle_retry = handle
    retrier_decl.time = types.SimpleNamespace(sleep=lambda seconds: caller.wait(waiting.env, seconds))
    # With jitter, a retry waits as long as it may, as in our own interpreter.
    jitter_strategy_decl.random = types.SimpleNamespace(uniform=lambda least, most: most)


def calls_elsewhere():
    """Calls go to the caller's endpoint."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("localstack.services.stepfunctions.") and hasattr(module, "boto_client_for"):
            module.boto_client_for = caller.client


def mistakes_end_all():
    """An error that AWS cannot have answered is a mistake, and no state may catch it."""
    answered = ClientError, HTTPClientError, LambdaFunctionErrorException, FailureEventException
    for task in TASKS:

        def note(self, env, ex, from_error=task._from_error):
            if not isinstance(ex, answered):
                caller.mistakes.append(f"{env.next_state_name}: {type(ex).__name__}: {ex}")
            return from_error(self, env, ex)

        task._from_error = note


def parse_once():
    """A definition is the same in many executions."""
    parsed = {}
    parse = AmazonStateLanguageParser.parse

    def cached(definition):
        if definition not in parsed:
            parsed[definition] = parse(definition)
        return parsed[definition]

    AmazonStateLanguageParser.parse = staticmethod(cached)


# What LocalStack does in another way than AWS.


def times_in_answers():
    """AWS is right: Step Functions has the Instants of the SDK for Java, which end in Z. LocalStack writes them as Python does."""

    class Encoder(json.JSONEncoder):
        def default(self, obj):
            if not isinstance(obj, datetime.datetime):
                return str(obj)
            text = obj.astimezone(datetime.UTC).isoformat(timespec="milliseconds" if obj.microsecond else "seconds")
            return text.replace("+00:00", "Z")

    encoding._DateTimeEncoder = Encoder


def names_in_answers():
    """AWS is right: Step Functions has the names of the SDK for Java. LocalStack makes them of the API's by a rule of its own."""
    to_sfn_cased = AwsSdk._to_sfn_cased

    def name(self, member):
        return SETUP["names"][self.resource.api_name].get(member.lower()) or to_sfn_cased(member)

    AwsSdk._to_sfn_cased = name


def errors_without_a_model():
    """AWS is right: an error that the SDK for Java has no class for is the service's own. LocalStack takes the error's code.

    See https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, which has Lambda.AWSLambdaException.
    """
    for task, name in (
        (DynamoDB, "DynamoDB.AmazonDynamoDBException"),
        (Lambda, "Lambda.AWSLambdaException"),
        (Sns, "SNS.AmazonSNSException"),
    ):

        def rename(self, env, ex, from_error=task._from_error, name=name):
            event = from_error(self, env, ex)
            if type(ex) is ClientError:
                event.event_details["taskFailedEventDetails"]["error"] = name
                event.error_name = CustomErrorName(name)
            return event

        task._from_error = rename


def errors_without_a_body():
    """AWS is right: the SDK for Java takes the IDs of a request from the headers. That for Python does not always, and LocalStack fails."""
    from_error = AwsSdk._from_error

    def with_ids(self, env, ex):
        if isinstance(ex, ClientError) and self.resource.api_name == "s3":
            metadata = ex.response["ResponseMetadata"]
            metadata.setdefault("RequestId", metadata["HTTPHeaders"]["x-amz-request-id"])
            metadata.setdefault("HostId", metadata["HTTPHeaders"]["x-amz-id-2"])
        return from_error(self, env, ex)

    AwsSdk._from_error = with_ids


def function_hash():
    """AWS is right: JSONata has $hash there. LocalStack has not.

    See https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    functions._DECLARATION_BY_VARIABLE_REFERENCE.pop("$hash")
    bridge = jsonata._JSONataJVMBridge.get()
    compile_expression = bridge._java_JSONATA

    @jpype.JImplements("com.dashjoin.jsonata.Jsonata$Fn2")
    class Hash:
        @jpype.JOverride
        def apply(self, text, algorithm):
            if str(algorithm) != "SHA-256":
                raise ValueError(f"$hash by {algorithm} is not made here")
            return hashlib.sha256(str(text).encode()).hexdigest()

    made = Hash()

    def compile_with_hash(text):
        expression = compile_expression(text)
        expression.registerFunction("hash", made)
        return expression

    bridge._java_JSONATA = compile_with_hash


# Executions.


class Ending:
    """Where LocalStack tells of the end."""

    def terminated(self):
        pass


def run(question):
    caller.now = datetime.datetime.fromisoformat(question["now"])
    caller.endpoint, caller.waits, caller.region = question["endpoint"], question["waits"], question["region"]
    execution, machine = question["context"]["Execution"], question["context"]["StateMachine"]
    worker = execution_worker.SyncExecutionWorker(
        evaluation_details.EvaluationDetails(
            evaluation_details.AWSExecutionDetails("123456789012", question["region"], execution["RoleArn"]),
            evaluation_details.ExecutionDetails(
                execution["Id"], execution["Name"], execution["RoleArn"], execution["Input"], execution["StartTime"]
            ),
            evaluation_details.StateMachineDetails(machine["Id"], machine["Name"], StateMachineType.STANDARD, question["definition"]),
        ),
        Ending(),
        None,
        {},
    )
    worker.start()
    if caller.mistakes:
        raise ValueError(caller.mistakes)
    return told(worker.env)


def told(env):
    """What has come of an execution."""
    ending = env.program_state()
    answer = {"visits": visits(env.event_manager.get_event_history())}
    if isinstance(ending, ProgramEnded):
        return answer | {"status": "SUCCEEDED", "output": env.states.get_input()}
    if isinstance(ending, ProgramTimedOut):
        return answer | {"status": "TIMED_OUT", "error": "States.Timeout"}
    if isinstance(ending, ProgramError):
        return answer | {"status": "FAILED", "error": ending.error.get("error"), "cause": ending.error.get("cause")}
    raise ValueError(f"an execution has ended as {ending}")


def visits(history):
    found = []
    for event in history:
        if entered := event.get("stateEnteredEventDetails"):
            found.append({"state": entered["name"], "at": event["timestamp"].isoformat(), "errors": []})
        elif failed := event.get("taskFailedEventDetails"):
            found[-1]["errors"].append(failed["error"])
    return found


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            status, answer = 200, encoding.to_json_str(run(question))
        except Exception:
            status, answer = 500, traceback.format_exc()
        body = answer.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


SURROUNDINGS = on_the_clock, calls_elsewhere, mistakes_end_all, parse_once
DIFFERENCES = times_in_answers, names_in_answers, errors_without_a_model, errors_without_a_body, function_hash
for change in SURROUNDINGS + DIFFERENCES:
    change()
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
os._exit(0)
