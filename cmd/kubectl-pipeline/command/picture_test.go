package command

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// picture of a terminal: sizes in pixels, colors as of a terminal with a dark background.
const (
	pictureMargin = 16
	pictureLine   = 20
	pictureChar   = 8.43 // of the font's size of 14
)

// markColors of a picture are those of screen's marks.
var markColors = strings.NewReplacer(
	"✔", `<tspan fill="#3fb950">✔</tspan>`,
	"◐", `<tspan fill="#39c5cf">◐</tspan>`,
	"⏸", `<tspan fill="#d29922">⏸</tspan>`,
	"✖", `<tspan fill="#f85149">✖</tspan>`,
	"○", `<tspan fill="#8b949e">○</tspan>`,
)

// draw a screen as a picture.
func draw(screen string) string {
	lines, longest := strings.Split(strings.TrimRight(screen, "\n"), "\n"), 0
	for _, line := range lines {
		longest = max(longest, len([]rune(line)))
	}
	width, height := 2*pictureMargin+int(pictureChar*float64(longest)), 2*pictureMargin+pictureLine*len(lines)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="kubectl pipeline status in a terminal">
<rect width="100%%" height="100%%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#e6edf3">
`, width, height, width, height)
	for i, line := range lines {
		fmt.Fprintf(&b, "<text xml:space=\"preserve\" x=\"%d\" y=\"%d\">%s</text>\n", pictureMargin, pictureMargin+pictureLine*i+pictureLine*3/4, markColors.Replace(html.EscapeString(line)))
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// TestPicture keeps the picture in the README as the plugin's screen is.
func TestPicture(t *testing.T) {
	shown, _ := session{claims: []string{ready}, account: account(shifting()), args: []string{"status", "payments-prod"}}.run(t)
	file := filepath.Join("..", "..", "..", "docs", "images", "plugin.svg")
	got := draw(shown)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not the screen; draw it with: go test -C cmd/kubectl-pipeline ./command -update (-want, +got):\n%s", file, diff)
	}
}
