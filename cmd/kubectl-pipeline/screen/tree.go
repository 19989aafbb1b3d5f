package screen

import (
	"fmt"
	"io"
)

// A Node of a tree.
type Node struct {
	Mark     Mark
	Text     string
	Children []Node
}

// A Mark says how a node is.
type Mark int

// Marks. Most nodes have none.
const (
	NoMark Mark = iota
	Done
	Running
	Waiting
	Failed
	Pending
)

// marks are single characters, and the colors of ANSI terminals.
var marks = map[Mark]struct{ sign, color string }{
	Done:    {"✔", "32"},
	Running: {"◐", "36"},
	Waiting: {"⏸", "33"},
	Failed:  {"✖", "31"},
	Pending: {"○", "90"},
}

// Tree prints a node and all below it. Colors are for terminals.
func Tree(w io.Writer, n Node, colors bool) error {
	if _, err := fmt.Fprintln(w, label(n, colors)); err != nil {
		return err
	}
	return branches(w, n.Children, "", colors)
}

func branches(w io.Writer, nodes []Node, indent string, colors bool) error {
	for i, n := range nodes {
		corner, below := "├─ ", "│  "
		if i == len(nodes)-1 {
			corner, below = "└─ ", "   "
		}
		if _, err := fmt.Fprintln(w, indent+corner+label(n, colors)); err != nil {
			return err
		}
		if err := branches(w, n.Children, indent+below, colors); err != nil {
			return err
		}
	}
	return nil
}

func label(n Node, colors bool) string {
	m, marked := marks[n.Mark]
	if !marked {
		return n.Text
	}
	if !colors {
		return m.sign + " " + n.Text
	}
	return "\x1b[" + m.color + "m" + m.sign + "\x1b[0m " + n.Text
}
