package emulator

import (
	"context"
	"path/filepath"
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
