// Package command has the verbs of kubectl pipeline, one in each file.
package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// Exit codes. Scripts may rely on them.
const (
	exitOK = 0

	// exitFailed: it could not be done, or what was waited for has failed.
	exitFailed = 1

	// exitUsage: the command line has a mistake.
	exitUsage = 2

	// exitTimeout: what was waited for did not come in time.
	exitTimeout = 3
)

// version of the plugin. Who builds it sets it.
var version = "unreleased"

// An exitError ends the command with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// Run the plugin with the supplied arguments, and return its exit code.
func Run(ctx context.Context, streams Streams, args []string) int {
	flags, kube := newKubeFlags()
	root := newRoot(newOptions(streams, kube))
	root.PersistentFlags().AddFlagSet(flags)
	return run(ctx, root, args)
}

func run(ctx context.Context, root *cobra.Command, args []string) int {
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(root.ErrOrStderr(), "error: "+err.Error())
	if exit := (*exitError)(nil); errors.As(err, &exit) {
		return exit.code
	}
	if _, _, unknown := root.Find(args); unknown != nil {
		return exitUsage
	}
	return exitFailed
}

func newRoot(o *options) *cobra.Command {
	root := &cobra.Command{
		Use:           "kubectl-pipeline",
		Short:         "Show and operate payment delivery pipelines.",
		Version:       version,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl pipeline"},
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(o.In)
	root.SetOut(o.Out)
	root.SetErr(o.ErrOut)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &exitError{exitUsage, err} })
	o.addFlags(root.PersistentFlags())
	named := []*cobra.Command{
		newStatus(o),
		newApprove(o),
		newReject(o),
		newRollback(o),
		newHistory(o),
		newWhy(o),
		newLogs(o),
		newOpen(o),
		newRetry(o),
		newWait(o),
	}
	for _, c := range named {
		c.Args, c.ValidArgsFunction = oneName, o.completeName
	}
	root.AddCommand(append(named, newList(o), newLint(o))...)
	return root
}

// completeName completes the names of claims in a shell.
func (o *options) completeName(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	client, namespace, err := o.connect()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	claims, err := client.List(cmd.Context(), namespace)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	names := make([]string, 0, len(claims))
	for _, c := range claims {
		names = append(names, c.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// oneName is the name of a claim.
func oneName(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return &exitError{exitUsage, fmt.Errorf("%s takes the name of one PaymentDeliveryPipeline, got %d names; try: kubectl pipeline list", cmd.Name(), len(args))}
	}
	return nil
}
