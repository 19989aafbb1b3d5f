// Package screen prints what a person sees: tables and trees, or JSON and YAML for scripts.
package screen

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
)

// A Row says of one pipeline what a list shows.
type Row struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Status    string `json:"status,omitempty"`
	Live      string `json:"live,omitempty"`
	Commit    string `json:"commit,omitempty"`
}

// Rows of claims.
func Rows(claims []cluster.Pipeline) []Row {
	rows := make([]Row, 0, len(claims))
	for _, c := range claims {
		r := Row{Namespace: c.Namespace, Name: c.Name, Status: c.Status.Message}
		if s := c.Status.Release; s != nil && s.Live != nil {
			r.Live, r.Commit = s.Live.Version, s.Live.ShortCommit
		}
		rows = append(rows, r)
	}
	return rows
}

// List pipelines, one in each line.
func List(w io.Writer, rows []Row, withNamespace bool) error {
	return table(w, func(line func(cells ...string)) {
		if withNamespace {
			line("NAMESPACE", "NAME", "STATUS", "LIVE", "COMMIT")
		} else {
			line("NAME", "STATUS", "LIVE", "COMMIT")
		}
		for _, r := range rows {
			cells := []string{r.Name, r.Status, r.Live, r.Commit}
			if withNamespace {
				cells = append([]string{r.Namespace}, cells...)
			}
			line(cells...)
		}
	})
}

// table of lines that a function writes.
func table(w io.Writer, write func(line func(cells ...string))) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	write(func(cells ...string) {
		for i, c := range cells {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, c)
		}
		fmt.Fprintln(t)
	})
	return t.Flush()
}
