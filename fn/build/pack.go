package build

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxLength is the most characters of a buildspec that CodeBuild takes: "Max buildspec length is 25600". AWS does not document it. See
// https://github.com/aws/aws-cdk/issues/30326.
const MaxLength = 25600

// BuildspecLength in characters. Without OutputPrefix it is the same.
func (c Config) BuildspecLength() int {
	return utf8.RuneCountInString(c.buildspec())
}

// A file of a build's tools.
type file struct {
	name, text string
}

// lineOfBase64 is how many characters a line of packed files has.
const lineOfBase64 = 1000

// comment is a line of its own in the shell, in Python, Ruby, JavaScript or Java.
var comment = regexp.MustCompile(`(?m)^[ \t]*(#|//) .*\n`)

// indent begins lines, or is a line of its own.
var indent = regexp.MustCompile(`(?m)^\s+`)

// isFree tells whether indentation means nothing in a file: in JavaScript, and in a shell script that has no other file in it.
func (f file) isFree() bool {
	ext := path.Ext(f.name)
	return ext == ".mjs" || ext == ".sh" && !strings.Contains(f.text, "<<")
}

// unpack is a command that writes files of a build's tools. They are packed, and without their comments, because of MaxLength: as they are
// at scripts they are up to twice as long. The longest, those of Node.js, have no indentation either.
func unpack(files []file) string {
	text := pack(files)
	var lines strings.Builder
	for len(text) > lineOfBase64 {
		lines.WriteString(text[:lineOfBase64] + "\n")
		text = text[lineOfBase64:]
	}
	return "base64 -d <<'" + endOfFile + "' | tar -xz -C " + toolFolder + "\n" + lines.String() + text + "\n" + endOfFile + "\n"
}

// pack files into a compressed archive, in base64. It may be another one with another version of Go, which only updates projects.
func pack(files []file) string {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // The level is one of gzip's.
	}
	w := tar.NewWriter(z)
	for _, f := range files {
		text := comment.ReplaceAllString(f.text, "")
		if f.isFree() {
			text = indent.ReplaceAllString(text, "")
		}
		// tar warns of files without a time.
		header := &tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(text)), ModTime: time.Unix(1e9, 0)}
		if err := w.WriteHeader(header); err != nil {
			panic(fmt.Errorf("cannot pack %q: %w", f.name, err)) // Nothing fails that writes to memory.
		}
		if _, err := w.Write([]byte(text)); err != nil {
			panic(fmt.Errorf("cannot pack %q: %w", f.name, err))
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
