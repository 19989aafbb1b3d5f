package emulator

import (
	"context"
	_ "embed"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// ministackGaps is a program that runs ministack with what it lacks.
//
//go:embed ministack_gaps.py
var ministackGaps []byte

// MinistackWaits is how much of each second of waiting a state machine of ministack's really waits.
const MinistackWaits = "0.001"

// Elsewhere are endpoints of what ministack does not do: CodeDeploy, and IAM, which is asked before each call that is made in the name of a
// role.
type Elsewhere struct {
	CodeDeploy, IAM string
}

// StartMinistack with an account. It runs Lambda functions, and state machines with their JSONata, and looks at no policy.
// See https://pypi.org/project/ministack
func StartMinistack(ctx context.Context, root, dir, accountID, region string, elsewhere Elsewhere) (*Emulator, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return nil, errors.New("ministack runs functions by this machine's Node.js: install Node.js 20 or later (Debian: apt-get install nodejs)")
	}
	gaps := filepath.Join(dir, "ministack_gaps.py")
	if err := os.WriteFile(gaps, ministackGaps, 0o600); err != nil {
		return nil, err
	}
	python := filepath.Join(root, ".cache", "emulators", "bin", "python")
	return start(ctx, dir, "ministack", python, "/_ministack/health", func(address string) (args, env []string) {
		host, port, _ := net.SplitHostPort(address)
		return []string{gaps}, []string{
			"BIND_HOST=" + host,
			"GATEWAY_PORT=" + port,
			"CODEDEPLOY_ENDPOINT=" + elsewhere.CodeDeploy,
			"IAM_ENDPOINT=" + elsewhere.IAM,
			"LAMBDA_EXECUTOR=local",
			"MINISTACK_ACCOUNT_ID=" + accountID,
			"MINISTACK_REGION=" + region,
			"SFN_WAIT_SCALE=" + MinistackWaits,
			"TMPDIR=" + dir,
			// Nothing on this machine has a say in what the emulator does.
			"AWS_ENDPOINT_URL=",
			"AWS_ACCESS_KEY_ID=test",
			"AWS_SECRET_ACCESS_KEY=test",
			"AWS_SESSION_TOKEN=",
			"AWS_CONFIG_FILE=/dev/null",
			"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
			"HTTP_PROXY=", "HTTPS_PROXY=", "http_proxy=", "https_proxy=",
			"LOG_LEVEL=INFO",
			"PERSIST_STATE=0",
			"PYTHONUNBUFFERED=1",
		}
	})
}
