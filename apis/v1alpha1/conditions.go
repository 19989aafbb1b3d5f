package v1alpha1

// Conditions of a claim and of its composite resource, beside Crossplane's own Synced and Ready.
const (
	// ConditionAccepted says whether the claim could be composed, and if not, why.
	ConditionAccepted = "Accepted"

	// ConditionSettingsApplied says whether the platform team's settings hold as they are now, and if not, why, and which hold.
	ConditionSettingsApplied = "SettingsApplied"

	// ConditionSourceConnected says whether GitHub can be read, and if not, what to do.
	ConditionSourceConnected = "SourceConnected"

	// ConditionResourcesWaiting says what cannot be made yet, and for what it waits.
	ConditionResourcesWaiting = "ResourcesWaiting"

	// ConditionResourcesFailing says what cannot be made or changed as the claim asks, and why not.
	ConditionResourcesFailing = "ResourcesFailing"

	// ConditionLiveVersionLost says whether the version that was live is gone, and what serves in its place.
	ConditionLiveVersionLost = "LiveVersionLost"

	// ConditionTrafficShifting says whether two versions share production traffic, and how.
	ConditionTrafficShifting = "TrafficShifting"

	// ConditionConfigurationPending says whether the live version has another configuration than the claim, and which.
	ConditionConfigurationPending = "ConfigurationPending"

	// ConditionRolloutWatched says whether anything can stop a rollout before it is over.
	ConditionRolloutWatched = "RolloutWatched"

	// ConditionDryRun says whether the provider only looks, and what it would do. A claim that never had a dry run does not have it.
	ConditionDryRun = "DryRun"
)

// Reasons of the conditions.
const (
	// ReasonValid (Accepted=True): the claim is composed.
	ReasonValid = "Valid"

	// ReasonInvalidInput (Accepted=False): the claim or the platform's input has a mistake, which the message names.
	ReasonInvalidInput = "InvalidInput"

	// ReasonRefusedByAWS (Accepted=False): AWS refuses something of the claim or the platform's input, which the message names.
	// What exists of the pipeline goes on with what AWS takes of it.
	ReasonRefusedByAWS = "RefusedByAWS"

	// ReasonNameTaken (Accepted=False): another claim, which the message names, has this environmentSuffix.
	ReasonNameTaken = "NameTaken"

	// ReasonFactLost (Accepted=False): what exists cannot be composed without something that AWS does not tell any more.
	ReasonFactLost = "FactLost"

	// ReasonInternal (Accepted=False): a bug of the function's.
	ReasonInternal = "InternalError"

	// ReasonSettingsRead (SettingsApplied=True): the settings are read from where the message says.
	ReasonSettingsRead = "SettingsRead"

	// ReasonSettingsAwaited (SettingsApplied=False): Crossplane has not sent the settings. Nothing is made or changed until it does.
	ReasonSettingsAwaited = "SettingsAwaited"

	// ReasonSettingsMissing (SettingsApplied=False): an EnvironmentConfig that said some of them is gone. The pipeline goes on with the
	// settings it had.
	ReasonSettingsMissing = "SettingsMissing"

	// ReasonSettingsInvalid (SettingsApplied=False): they have a mistake, or contradict each other, as the message tells. The pipeline
	// goes on with the settings it had.
	ReasonSettingsInvalid = "SettingsInvalid"

	// ReasonSettingsElsewhere (SettingsApplied=False): they are for another ProviderConfig or AWS account than the pipeline is in. The
	// pipeline goes on with the settings it had.
	ReasonSettingsElsewhere = "SettingsElsewhere"

	// ReasonConnected (SourceConnected=True): a person has authorised the connection.
	ReasonConnected = "ConnectionAvailable"

	// ReasonExistingConnection (SourceConnected=True): the claim brings a connection, which counts as authorised.
	ReasonExistingConnection = "ExistingConnection"

	// ReasonSharedConnection (SourceConnected=True): the platform team gives a connection, which counts as authorised.
	ReasonSharedConnection = "SharedConnection"

	// ReasonPromoted (SourceConnected=True): the claim takes what another pipeline has released, and reads nothing from GitHub.
	ReasonPromoted = "Promoted"

	// ReasonNotCreated (SourceConnected=False): the connection is being made.
	ReasonNotCreated = "ConnectionNotCreated"

	// ReasonHandshakePending (SourceConnected=False): a person must authorise the connection, where the message says.
	ReasonHandshakePending = "HandshakePending"

	// ReasonFactsMissing (ResourcesWaiting=True): some resources need something that only AWS or a person can tell.
	ReasonFactsMissing = "FactsMissing"

	// ReasonNothingWaiting (ResourcesWaiting=False): everything is asked for.
	ReasonNothingWaiting = "NothingWaiting"

	// ReasonReconcileError (ResourcesFailing=True): AWS or the provider refuses something, in the message's words.
	ReasonReconcileError = "ReconcileError"

	// ReasonNothingFailing (ResourcesFailing=False): nothing is refused.
	ReasonNothingFailing = "NothingFailing"

	// ReasonFunctionRecreated (LiveVersionLost=True): the blue function was deleted in AWS, with the version that was live.
	ReasonFunctionRecreated = "FunctionRecreated"

	// ReasonNothingLost (LiveVersionLost=False): the version that was made live is there.
	ReasonNothingLost = "NothingLost"

	// ReasonTwoVersions (TrafficShifting=True): a deployment moves traffic from one version to another.
	ReasonTwoVersions = "TwoVersions"

	// ReasonOneVersion (TrafficShifting=False): one version takes all traffic.
	ReasonOneVersion = "OneVersion"

	// ReasonBootstrapLive (TrafficShifting=False): the version that takes all traffic has the code that the pipeline created the function
	// with. Nothing is delivered to it before a release has replaced it.
	ReasonBootstrapLive = "BootstrapLive"

	// ReasonNotLive (TrafficShifting=False): no version has been live yet.
	ReasonNotLive = "NotLive"

	// ReasonSettingsNotLive (ConfigurationPending=True): the live version has another configuration than the claim, which the message names.
	ReasonSettingsNotLive = "SettingsNotLive"

	// ReasonSettingsLive (ConfigurationPending=False): the live version has the claim's configuration.
	ReasonSettingsLive = "SettingsLive"

	// ReasonSettingsUnknown (ConfigurationPending=Unknown): it is not known which configuration the live version has.
	ReasonSettingsUnknown = "SettingsUnknown"

	// ReasonCandidateJudged (RolloutWatched=True): a release judges the new version while traffic shifts, or after that.
	ReasonCandidateJudged = "CandidateJudged"

	// ReasonAlarmInTime (RolloutWatched=True): a rollout takes longer than the alarm needs to fire.
	ReasonAlarmInTime = "AlarmInTime"

	// ReasonAlarmTooSlow (RolloutWatched=False): a rollout is over before the alarm can fire, and is not stopped by it.
	ReasonAlarmTooSlow = "AlarmTooSlow"

	// ReasonPlanning (DryRun=True): the provider only looks, and has not looked at everything yet.
	ReasonPlanning = "Planning"

	// ReasonPlanned (DryRun=True): the provider only looks. The message and status.plan say what it would do.
	ReasonPlanned = "Planned"

	// ReasonManaged (DryRun=False): the dry run is over, and AWS is made as the claim asks.
	ReasonManaged = "Managed"
)
