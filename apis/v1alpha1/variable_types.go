package v1alpha1

// FunctionVariables are the environment variables of a Lambda function, by their names. Lambda keeps some names for itself, and
// takes 4096 bytes of variables, which it measures as a JSON object. The pipeline's own two, with its braces, are up to 74.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html.
// +kubebuilder:validation:MaxProperties=50
// +kubebuilder:validation:XValidation:rule="self.all(k, k.matches('^[A-Za-z][A-Za-z0-9_]+$'))",message="names of environment variables are letters, digits and underscores, begin with a letter and have at least two characters"
// +kubebuilder:validation:XValidation:rule="!('DEPLOYMENT_TABLE' in self) && !('VERSION' in self)",message="DEPLOYMENT_TABLE and VERSION are set by the pipeline; choose other names"
// +kubebuilder:validation:XValidation:rule="self.all(k, !(k in ['AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_DEFAULT_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_LAMBDA_MAX_CONCURRENCY', 'AWS_LAMBDA_METADATA_API', 'AWS_LAMBDA_METADATA_TOKEN', 'AWS_LAMBDA_RUNTIME_API', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'LAMBDA_RUNTIME_DIR', 'LAMBDA_TASK_ROOT']))",reason=FieldValueForbidden,message="AWS Lambda takes other names than AWS_REGION, AWS_DEFAULT_REGION, AWS_EXECUTION_ENV, those of its credentials, and some that begin with AWS_LAMBDA_ and LAMBDA_"
// +kubebuilder:validation:XValidation:rule="self.map(k, size(k) + size(bytes(self[k].replace('\\\\', '12').replace('\"', '12').replace('\\n', '12').replace('\\t', '12'))) + 6).sum() <= 4022",reason=FieldValueForbidden,message="AWS Lambda takes 4096 bytes of environment variables, measured as JSON, of which the pipeline's own have 74"
type FunctionVariables map[string]VariableValue

// A VariableValue is the value of an environment variable.
// +kubebuilder:validation:MaxLength=4096
type VariableValue string

// FunctionSecrets are secrets and parameters by the names of the environment variables that have their ARNs, for which the rules
// are those of FunctionVariables.
// +kubebuilder:validation:MaxProperties=20
// +kubebuilder:validation:XValidation:rule="self.all(k, k.matches('^[A-Za-z][A-Za-z0-9_]+$'))",message="names of environment variables are letters, digits and underscores, begin with a letter and have at least two characters"
// +kubebuilder:validation:XValidation:rule="!('DEPLOYMENT_TABLE' in self) && !('VERSION' in self)",message="DEPLOYMENT_TABLE and VERSION are set by the pipeline; choose other names"
// +kubebuilder:validation:XValidation:rule="self.all(k, !(k in ['AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_DEFAULT_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_LAMBDA_MAX_CONCURRENCY', 'AWS_LAMBDA_METADATA_API', 'AWS_LAMBDA_METADATA_TOKEN', 'AWS_LAMBDA_RUNTIME_API', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'LAMBDA_RUNTIME_DIR', 'LAMBDA_TASK_ROOT']))",reason=FieldValueForbidden,message="AWS Lambda takes other names than AWS_REGION, AWS_DEFAULT_REGION, AWS_EXECUTION_ENV, those of its credentials, and some that begin with AWS_LAMBDA_ and LAMBDA_"
type FunctionSecrets map[string]SecretARN

// A SecretARN is the ARN of a secret of Secrets Manager, with the hyphen and the six characters that it ends with, or of a
// parameter of Systems Manager. A parameter's name has at most 1011 characters with the ARN before it. See
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html and
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html.
// +kubebuilder:validation:MaxLength=1011
// +kubebuilder:validation:Pattern=`^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}|ssm:[a-z0-9-]+:[0-9]{12}:parameter(/[A-Za-z0-9_.-]+)+)$`
type SecretARN string
