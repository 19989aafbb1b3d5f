// Package localstack runs state machines in LocalStack's interpreter of the States Language, which others wrote and hold against what AWS
// has answered. Its calls are its own too, by AWS's SDK for Python. Only time is virtual.
package localstack

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// program runs executions when it is asked to.
//
//go:embed interpreter.py
var program string

// An Interpreter is a process that runs executions. One of them may begin while another one waits.
type Interpreter struct {
	url string

	// stdin stays open as long as the process is to live.
	stdin io.Closer

	// server takes the executions' wish to wait.
	server *httptest.Server
	waits  chan wait
}

// Start the interpreter that "make localstack" has installed in the directory. It ends with the context, at the latest with this process.
func Start(ctx context.Context, dir string) (*Interpreter, error) {
	// The interpreter looks for no modules in the working directory.
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "bin", "python"), "-I", "-c", program)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf(`cannot start LocalStack's interpreter: run "make localstack": %w`, err)
	}
	names, err := javaNames()
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(stdin).Encode(setup{Jars: filepath.Join(dir, "jars"), Names: names}); err != nil {
		return nil, err
	}
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("LocalStack's interpreter does not start: %w", err)
	}
	i := &Interpreter{url: "http://127.0.0.1:" + strings.TrimSpace(port), stdin: stdin, waits: make(chan wait)}
	i.server = httptest.NewServer(http.HandlerFunc(i.takeWait))
	return i, nil
}

// A setup is what the program reads first.
type setup struct {
	Jars  string                       `json:"jars"`
	Names map[string]map[string]string `json:"names"`
}

// javaNames of each service's members, by the same names in lower case.
func javaNames() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for _, service := range []string{"cloudwatch", "codedeploy", "codepipeline", "dynamodb", "lambda", "s3"} {
		java, err := awsmodel.LoadJava(service)
		if err != nil {
			return nil, err
		}
		names := map[string]string{}
		for shape, members := range java.Shapes {
			for _, name := range members {
				lower := strings.ToLower(name)
				if other, ok := names[lower]; ok && other != name {
					return nil, fmt.Errorf("%s of %s is %s elsewhere: it takes more than a list of names", name, shape, other)
				}
				names[lower] = name
			}
		}
		all[service] = names
	}
	return all, nil
}
