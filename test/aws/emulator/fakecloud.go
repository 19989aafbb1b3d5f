package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// RootKey is the access key of fakecloud's root user, key id and secret, whom it lets do everything.
const RootKey = "test"

// StartFakecloud with an account. It keeps IAM's policies, and bucket policies.
// See https://crates.io/crates/fakecloud
func StartFakecloud(ctx context.Context, root, dir, accountID, region string) (*Emulator, error) {
	return start(ctx, dir, "fakecloud", filepath.Join(root, ".cache", "fakecloud", "bin", "fakecloud"), "/_fakecloud/health", func(address string) (args, env []string) {
		return []string{
			"--addr=" + address,
			"--account-id=" + accountID,
			"--region=" + region,
			"--iam=strict",
			"--log-level=warn",
		}, nil
	})
}

// An Admin is a user of fakecloud's who may do everything in an account.
type Admin struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
}

// CreateAdmin in another of fakecloud's accounts, which are there as soon as someone is in them: whose key a request is signed with,
// in whose account it is.
func (e *Emulator) CreateAdmin(ctx context.Context, accountID, name string) (Admin, error) {
	body, err := json.Marshal(map[string]string{"accountId": accountID, "userName": name})
	if err != nil {
		return Admin{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL.String()+"/_fakecloud/iam/create-admin", bytes.NewReader(body))
	if err != nil {
		return Admin{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return Admin{}, err
	}
	defer rsp.Body.Close() //nolint:errcheck // It is only read.
	if rsp.StatusCode != http.StatusOK {
		return Admin{}, errors.Errorf("fakecloud makes no admin of account %s: %s", accountID, rsp.Status)
	}
	var admin Admin
	return admin, json.NewDecoder(rsp.Body).Decode(&admin)
}
