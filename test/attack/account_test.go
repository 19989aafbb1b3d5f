package attack

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// wholeAccount are the actions for which IAM knows no resource, and by which code could harm the pipelines of an account, with what it could
// do. Nothing can deny them for one pipeline. A claim cannot have them by its statements, which name resources: only by a policy in
// policyArns, which is for the platform team to allow.
var wholeAccount = map[string]string{
	"codebuild:DeleteSourceCredentials":               "builds of other projects lose their credentials",
	"codebuild:ImportSourceCredentials":               "builds of other projects get others",
	"codedeploy:ContinueDeployment":                   "a deployment does not wait",
	"codedeploy:DeleteGitHubAccountToken":             "deployments of other applications lose their token",
	"codedeploy:DeleteResourcesByExternalId":          "applications and groups of CloudFormation's go",
	"codedeploy:PutLifecycleEventHookExecutionStatus": "a hook of any deployment whose execution is known is answered; hooks need it",
	"codedeploy:SkipWaitTimeForInstanceTermination":   "a deployment does not wait",
	"codedeploy:StopDeployment":                       "any shift is stopped, and goes back",
	"codepipeline:PutJobFailureResult":                "a job of an action that the account's own code does fails; pipelines have none",
	"codepipeline:PutJobSuccessResult":                "a job of an action that the account's own code does succeeds; pipelines have none",
	"codestar-connections:DeleteSyncConfiguration":    "a repository is no longer followed; pipelines need no configuration",
	"codestar-connections:UpdateSyncConfiguration":    "another branch is followed; pipelines need no configuration",
	"dynamodb:InjectError":                            "requests of the whole account fail",
	"dynamodb:UpdateAbacStatus":                       "tags of tables begin or cease to decide",
	"events:PutPermission":                            "another account may send events to a bus",
	"events:RemovePermission":                         "another account no longer may",
	"iam:DeleteAccountPasswordPolicy":                 "people's passwords may be worse",
	"iam:SetSecurityTokenServicePreferences":          "sessions work in other regions, or no longer",
	"iam:UpdateAccountPasswordPolicy":                 "people's passwords may be worse",
	"logs:DeleteAccountPolicy":                        "what all log groups hide or send is not hidden or sent",
	"logs:DeleteResourcePolicy":                       "a service of AWS's no longer logs",
	"logs:Link":                                       "another account reads logs",
	"logs:PutAccountPolicy":                           "all log groups are sent elsewhere",
	"logs:PutResourcePolicy":                          "another may write logs",
	"s3:CreateJob":                                    "a role that may be passed works on objects",
	"s3:PutAccessPointPublicAccessBlock":              "an access point is public, which no bucket of a pipeline's takes requests from",
	"s3:PutAccountPublicAccessBlock":                  "the account's own block goes; that of each bucket stays",
	"states:SendTaskFailure":                          "a task whose token is known fails; pipelines hand out no tokens",
	"states:SendTaskSuccess":                          "a task whose token is known succeeds; pipelines hand out no tokens",
}

// elsewhere are those that change nothing of a pipeline's: they make something new, or are about what pipelines do not have.
var elsewhere = map[string]string{
	"cloudwatch":           "AssumeAccessProfile CallWithBearerToken CreateAccessGrant CreateAccessProfile CreateAlert CreateDomain CreateDomainAccessGrantForOrganization CreateDomainForOrganization CreateIngestionEndpoint CreateIntegration CreateOmniDashboard CreateOmniThread CreateOneTimeDeepLinkCode CreateServiceLevelObjective CreateSpace CreateView DeleteAnomalyDetector DeleteOmniThread EnableTopologyDiscovery InvokeIntegration Link PutAnomalyDetector PutIntelligenceConfiguration PutManagedInsightRules StartOTelEnrichment StartOmniThreadSession StartTelemetryQuery StartTelemetryQuerySession StopOTelEnrichment StopTelemetryQuery StopTelemetryQuerySession SubmitFeedback UpdateOmniThread UpdatePreferences",
	"codebuild":            "DeleteOAuthToken PersistOAuthToken",
	"codedeploy":           "CreateCloudFormationDeployment",
	"codepipeline":         "AcknowledgeJob AcknowledgeThirdPartyJob PollForThirdPartyJobs PutThirdPartyJobFailureResult PutThirdPartyJobSuccessResult",
	"codestar-connections": "CreateConnection CreateHost RegisterAppCode StartAppRegistrationHandshake StartOAuthHandshake UpdateSyncBlocker",
	"dynamodb":             "PurchaseReservedCapacityOfferings",
	"events":               "PutPartnerEvents",
	"iam":                  "CreateAccountAlias DeleteAccountAlias DeleteCloudFrontPublicKey DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions DisableOutboundWebIdentityFederation EnableOrganizationsRootCredentialsManagement EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport PutAccountProperties SetSTSRegionalEndpointStatus UpdateAccountEmailAddress UpdateAccountName UpdateCloudFrontPublicKey UploadCloudFrontPublicKey",
	"lambda":               "ConnectMicrovm CreateCodeSigningConfig CreateMicrovmImage PassNetworkConnector",
	"logs":                 "AssociateSourceToS3TableIntegration CallWithBearerToken CancelExportTask CancelImportTask CreateImportTask CreateLogDelivery DeleteIndexPolicy DeleteIntegration DeleteLogDelivery DeletePipelineRule DeleteQueryDefinition DisassociateSourceFromS3TableIntegration PutIndexPolicy PutIntegration PutPipelineRule PutQueryDefinition PutStorageTierPolicy StopLiveTail StopQuery UpdateLogDelivery",
	"s3":                   "CreateStorageLensGroup PutStorageLensConfiguration",
	"sns":                  "CreatePlatformApplication CreatePlatformEndpoint CreateSMSSandboxPhoneNumber DeleteEndpoint DeletePlatformApplication DeleteSMSSandboxPhoneNumber OptInPhoneNumber SetEndpointAttributes SetPlatformApplicationAttributes SetSMSAttributes VerifySMSSandboxPhoneNumber",
	"states":               "InvokeHTTPEndpoint RevealSecrets SendTaskHeartbeat",
	"sts":                  "TagGetWebIdentityToken",
}

// deniedByFunction are those that name no resource, and tell IAM of which function they are.
var deniedByFunction = []string{"lambda:CreateEventSourceMapping"}

// reads are actions that change nothing, by how their names begin.
var reads = regexp.MustCompile(`^(BatchGet|Check|Decode|Describe|Generate(Query|QueryResultsSummary)$|Get|List|Query|Search|Simulate|Test|Validate)`)

// TestActionsWithoutResources checks that somebody has said of each action for which IAM knows no resource what it could do to a pipeline, and
// that none of those that harm is one that the pipeline's own policies allow the team's code.
func TestActionsWithoutResources(t *testing.T) {
	known := map[string]bool{}
	for _, service := range servicesOf(t) {
		data, err := awsmodel.LoadAuthorization(service)
		if err != nil {
			t.Fatal(err)
		}
		for name, a := range data.Actions {
			action := service + ":" + name
			if len(a.Resources) > 0 || reads.MatchString(name) {
				continue
			}
			known[action] = true
			harmless := slices.Contains(strings.Fields(elsewhere[service]), name)
			if (wholeAccount[action] != "") == harmless && !slices.Contains(deniedByFunction, action) {
				t.Errorf("%s: what could code do with it to a pipeline of another team?", action)
			}
		}
	}
	for action := range wholeAccount {
		if !known[action] {
			t.Errorf("%s is about a resource, or does not exist", action)
		}
	}
	for _, p := range pipelines(t) {
		for _, role := range coders {
			for _, s := range p.account.Statements(roleARN(role, p.suffix)) {
				for _, action := range s.Action {
					if s.Effect == "Allow" && wholeAccount[action] != "" {
						t.Errorf("%s: %s is allowed %s", p.name, role, action)
					}
				}
			}
		}
	}
}

// servicesOf pipelines.
func servicesOf(t *testing.T) []string {
	t.Helper()
	services := []string{"codestar-connections"}
	for _, of := range iamKinds {
		for _, n := range of {
			services = append(services, n.service)
		}
	}
	slices.Sort(services)
	return slices.Compact(services)
}
