package screen

import (
	"cmp"
	"io"
	"strings"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
)

// History of deployments, one in each line.
func History(w io.Writer, records []cloud.Record) error {
	return table(w, func(line func(cells ...string)) {
		line("STARTED", "VERSION", "STATUS", "COMMIT", "BY", "DEPLOYMENT", "WHY")
		for _, r := range records {
			line(minute(r.StartedAt), versions(r), r.Status, v1alpha1.ShortCommit(r.Commit), by(r), r.DeploymentID, oneLine(why(r)))
		}
	})
}

func versions(r cloud.Record) string {
	return r.FromVersion + " → " + r.ToVersion
}

// by whom: who approved, or who asked for the rollback. Of an ARN its last part, which is the person's name in most.
func by(r cloud.Record) string {
	who := cmp.Or(r.RequestedBy, r.ApprovedBy)
	if strings.HasPrefix(who, "arn:") {
		return who[strings.LastIndex(who, "/")+1:]
	}
	return who
}

// why it ended so, or was asked for.
func why(r cloud.Record) string {
	switch {
	case r.Error != "":
		return r.Error
	case r.Reason != "":
		return r.Reason
	case r.RollbackOf != "":
		return "rollback of " + r.RollbackOf
	default:
		return cmp.Or(r.ApprovalNote, r.Verdict)
	}
}

// minute of a time in RFC 3339. Another text stays as it is.
func minute(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}
