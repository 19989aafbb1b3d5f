package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// A resource that Crossplane has rendered.
type resource struct {
	parameters

	Kind     string `json:"kind"`
	Metadata struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		ForProvider json.RawMessage `json:"forProvider"`
	} `json:"spec"`
}

func (one resource) awsName() string {
	return one.Metadata.Annotations["crossplane.io/external-name"]
}

// parameters of all kinds that count here.
type parameters struct {
	Policy               string           `json:"policy"`
	PolicyARN            string           `json:"policyArn"`
	PolicyARNRef         reference        `json:"policyArnRef"`
	RoleRef              reference        `json:"roleRef"`
	BucketRef            reference        `json:"bucketRef"`
	ARNRef               reference        `json:"arnRef"`
	AppNameRef           reference        `json:"appNameRef"`
	DeploymentConfigName string           `json:"deploymentConfigName"`
	KMSKeyARN            string           `json:"kmsKeyArn"`
	KMSMasterKeyID       string           `json:"kmsMasterKeyId"`
	ServerSideEncryption encryptions      `json:"serverSideEncryption"`
	Rule                 []encryptionRule `json:"rule"`
}

// A reference to another managed resource, by its Kubernetes name.
type reference struct {
	Name string `json:"name"`
}

// An encryption of a table, or by default of a bucket.
type encryption struct {
	KMSKeyARN      string `json:"kmsKeyArn"`
	KMSMasterKeyID string `json:"kmsMasterKeyId"`
}

// encryptions of a table: a list of one, or the one itself where the resource is namespaced.
type encryptions []encryption

// UnmarshalJSON reads either.
func (e *encryptions) UnmarshalJSON(raw []byte) error {
	if raw[0] != '{' {
		return json.Unmarshal(raw, (*[]encryption)(e))
	}
	*e = make(encryptions, 1)
	return json.Unmarshal(raw, &(*e)[0])
}

type encryptionRule struct {
	Default encryption `json:"applyServerSideEncryptionByDefault"`
}

// kinds of resources that count.
var kinds = []string{"Policy", "RolePolicyAttachment", "BucketPolicy", "BucketServerSideEncryptionConfiguration", "DeploymentGroup", "Function", "Table", "Topic", "TopicPolicy"}

// Read the account with this identifier, in this region, in which a pipeline is as Crossplane has rendered it.
func Read(id, region string, expected []byte) (*Account, error) {
	var objects []json.RawMessage
	for doc := range bytes.SplitSeq(expected, []byte("\n---\n")) {
		object, err := yaml.YAMLToJSON(doc)
		if err != nil {
			return nil, fmt.Errorf("cannot parse a rendered resource: %w", err)
		}
		objects = append(objects, object)
	}
	return ReadObjects(id, region, objects)
}

// ReadObjects is Read, of resources in JSON.
func ReadObjects(id, region string, objects []json.RawMessage) (*Account, error) {
	all := map[string]resource{}
	for _, object := range objects {
		var one resource
		if err := json.Unmarshal(object, &one); err != nil {
			return nil, fmt.Errorf("cannot parse a rendered resource: %w", err)
		}
		// Other kinds have other parameters of the same names.
		if slices.Contains(kinds, one.Kind) {
			if err := json.Unmarshal(one.Spec.ForProvider, &one.parameters); err != nil {
				return nil, fmt.Errorf("cannot read %s: %w", one.Metadata.Name, err)
			}
		}
		all[one.Metadata.Name] = one
	}
	a := &Account{id: id, region: region, policies: map[string][]iam.Document{}, keys: map[string]string{}}
	for name, one := range all {
		if err := a.add(one, all); err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", name, err)
		}
	}
	return a, nil
}

// add what a resource is to the account.
func (a *Account) add(one resource, all map[string]resource) error {
	bucket := bucketPrefix + all[one.BucketRef.Name].awsName()
	switch one.Kind {
	case "RolePolicyAttachment":
		role := "arn:aws:iam::" + a.id + ":role/" + all[one.RoleRef.Name].awsName()
		if policy := all[one.PolicyARNRef.Name].Policy; policy != "" {
			return a.attach(role, policy)
		}
		return a.attachOther(role, one.PolicyARN)
	case "BucketPolicy":
		return a.attach(bucket, one.Policy)
	case "TopicPolicy":
		return a.attach(a.arn("sns", all[one.ARNRef.Name].awsName()), one.Policy)
	case "BucketServerSideEncryptionConfiguration":
		for _, rule := range one.Rule {
			a.keys[bucket] = rule.Default.KMSMasterKeyID
		}
	case "DeploymentGroup":
		a.group = a.arn("codedeploy", "deploymentgroup:"+all[one.AppNameRef.Name].awsName()+"/"+one.awsName())
		a.configuration = one.DeploymentConfigName
	case "Function":
		a.keys[a.arn("lambda", "function:"+one.awsName())] = one.KMSKeyARN
	case "Table":
		for _, e := range one.ServerSideEncryption {
			a.keys[a.arn("dynamodb", "table/"+one.awsName())] = e.KMSKeyARN
		}
	case "Topic":
		a.keys[a.arn("sns", one.awsName())] = one.KMSMasterKeyID
	}
	return nil
}

// attachOther policy than the pipeline's own to a role: nobody knows what it allows, unless it is AWS's.
func (a *Account) attachOther(role, policy string) error {
	statements, isKnown := managedByAWS[policy]
	if strings.HasPrefix(policy, awsPolicyPrefix) && !isKnown {
		return fmt.Errorf("what does %s allow? Add it to test/access/managed.go", policy)
	}
	if isKnown {
		a.policies[role] = append(a.policies[role], iam.New(statements...))
	}
	return nil
}

// attach a policy to a role, a bucket or a topic.
func (a *Account) attach(arn, policy string) error {
	if strings.Contains(policy, "${") {
		return fmt.Errorf("variables of policies are not known here: %s", policy)
	}
	document, err := iam.Parse(policy)
	a.policies[arn] = append(a.policies[arn], document)
	return err
}
