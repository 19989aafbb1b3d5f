package command

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/lint"
)

// stdin is the name of the file that is the standard input.
const stdin = "-"

func newLint(o *options) *cobra.Command {
	var settings []string
	c := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Check claims without a cluster: the schema, its rules, and what the function refuses.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &exitError{exitUsage, errors.New("lint takes the names of files, or - for the standard input")}
			}
			return nil
		},
		Example: `  # Before you push.
  kubectl pipeline lint deploy/pipeline.yaml

  # With the rules of your platform team.
  kubectl pipeline lint deploy/pipeline.yaml --settings platform-settings.yaml`,
		RunE: func(_ *cobra.Command, args []string) error {
			objects, err := o.readAll(settings)
			if err != nil {
				return err
			}
			l, err := lint.New(objects)
			if err != nil {
				return err
			}
			return o.lint(l, args)
		},
	}
	c.Flags().StringSliceVar(&settings, "settings", nil, "Check with the EnvironmentConfigs in this file, too.")
	return c
}

func (o *options) lint(l *lint.Linter, files []string) error {
	findings, notes, claims := []lint.Finding{}, []lint.Note(nil), 0
	for _, file := range files {
		objects, err := o.read(file)
		if err != nil {
			return err
		}
		found, checked := l.Check(objects)
		findings, claims = append(findings, found...), claims+checked
		notes = append(notes, l.Notes(objects)...)
	}
	if claims == 0 {
		return &exitError{exitUsage, errors.New("the files have no PaymentDeliveryPipeline")}
	}
	err := o.print(findings, func() error {
		for _, f := range findings {
			fmt.Fprintf(o.Out, "%s: %s\n", f.Object, f.Mistake)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range notes {
		fmt.Fprintf(o.ErrOut, "%s: note: %s\n", n.Object, n.Text)
	}
	if len(findings) > 0 {
		return fmt.Errorf("found %s in %s", count(len(findings), "mistake"), count(claims, "claim"))
	}
	fmt.Fprintf(o.ErrOut, "checked %s: no mistakes\n", count(claims, "claim"))
	return nil
}

// count things in words: one mistake, 2 mistakes.
func count(n int, thing string) string {
	if n == 1 {
		return "one " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func (o *options) readAll(files []string) ([]*structpb.Struct, error) {
	var all []*structpb.Struct
	for _, file := range files {
		objects, err := o.read(file)
		if err != nil {
			return nil, err
		}
		all = append(all, objects...)
	}
	return all, nil
}

func (o *options) read(file string) ([]*structpb.Struct, error) {
	r := o.In
	if file != stdin {
		f, err := os.Open(file) //nolint:gosec // The person names it.
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // It was only read.
		r = f
	}
	objects, err := lint.Objects(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return objects, nil
}
