package architecture

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"path"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
)

// bootstrapSource answers every request with the function's colour, so that the pipeline can be tried out before the
// first release.
const bootstrapSource = `exports.%s = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ version: process.env.VERSION, bootstrap: true }),
});
`

// bootstrapKey is where a function's bootstrap code lies in the artifact bucket.
func bootstrapKey(c color) string {
	return fmt.Sprintf("bootstrap/%s.zip", c)
}

// bootstrapZip returns, in base64, a zip file with a module that exports the supplied handler, file.export, as Lambda looks for
// it: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js. The same
// handler always gives the same bytes: nothing is compressed, since that depends on the Go version, and no time is
// recorded.
func bootstrapZip(handler string) string {
	return bootstrapZips.Get(handler, func() string { return newBootstrapZip(handler) })
}

var bootstrapZips = memo.New[string]()

func newBootstrapZip(handler string) string {
	folder, base := path.Split(handler)
	// The file ends at its first dot. What is beyond the second is in an object that is exported.
	file, export, _ := strings.Cut(base, ".")

	var b bytes.Buffer
	w := zip.NewWriter(&b)
	// Writing to a buffer cannot fail.
	f, _ := w.CreateHeader(&zip.FileHeader{Name: folder + file + ".js", Method: zip.Store})
	for i, c := range export {
		if c == '.' {
			_, _ = fmt.Fprintf(f, "exports.%s = {};\n", export[:i])
		}
	}
	_, _ = fmt.Fprintf(f, bootstrapSource, export)
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
