package command

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// typed is the plugin's command in a document, up to what ends it in a shell. The verb may be left out, as in a heading.
var typed = regexp.MustCompile("kubectl pipeline ([a-z]+)((?: +(?:'[^']*'|\"[^\"]*\"|[^ `'\"|;&\n#)]+))*)")

// words of a command line. Some are quoted.
var words = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)

// TestDocuments looks for the verb and the flags of each command of the plugin that a document or its own help tells people to type.
func TestDocuments(t *testing.T) {
	found := 0
	for path, text := range documents(t) {
		for _, match := range typed.FindAllStringSubmatch(text, -1) {
			found++
			checkTyped(t, path, match[1], words.FindAllString(match[2], -1))
		}
	}
	if found < len(root().Commands()) {
		t.Errorf("found %d commands of the plugin in documents, fewer than it has verbs", found)
	}
}

// root is the plugin's command with all flags, as people have it.
func root() *cobra.Command {
	c := newRoot(&options{})
	flags, _ := newKubeFlags()
	c.PersistentFlags().AddFlagSet(flags)
	return c
}

func checkTyped(t *testing.T, path, verb string, args []string) {
	t.Helper()
	c, rest, err := root().Find(append([]string{verb}, args...))
	if err != nil || !c.HasParent() {
		t.Errorf("%s: kubectl pipeline has no verb %q", path, verb)
		return
	}
	if err := c.ParseFlags(rest); err != nil {
		t.Errorf("%s: kubectl pipeline %s %s: %v", path, verb, strings.Join(args, " "), err)
	}
}

// documents of the repository, and the help of each verb, by their paths.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	top := filepath.Join("..", "..", "..")
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".cache" || d.Name() == ".git" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		b, err := os.ReadFile(path)
		texts[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range root().Commands() {
		texts["help of "+c.Name()] = c.Example
	}
	return texts
}

// TestTyped checks that nothing of a command is overlooked: what is not found is not checked.
func TestTyped(t *testing.T) {
	got := typed.FindStringSubmatch("x && kubectl pipeline rollback payments-prod --to 7 --reason 'charged twice; again' -n \"$ns\" | cat # --no")
	if got == nil || got[1] != "rollback" || strings.TrimSpace(got[2]) != `payments-prod --to 7 --reason 'charged twice; again' -n "$ns"` {
		t.Errorf("want the whole command, got %q", got)
	}
}
