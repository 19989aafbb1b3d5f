package fakeaws

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// parseCondition reads functions, comparisons and IN, with NOT, AND, OR and parentheses.
func parseCondition(text string, names *placeholders) (condition, error) {
	p, err := newParser(text, names)
	if err != nil {
		return nil, err
	}
	c, err := p.or()
	if err != nil {
		return nil, err
	}
	return c, p.end()
}

func (p *parser) or() (condition, error) {
	left, err := p.and()
	for err == nil && p.is("OR") {
		var right condition
		right, err = p.and()
		before := left
		left = func(i item) bool { return before(i) || right(i) }
	}
	return left, err
}

func (p *parser) and() (condition, error) {
	left, err := p.not()
	for err == nil && p.is("AND") {
		var right condition
		right, err = p.not()
		before := left
		left = func(i item) bool { return before(i) && right(i) }
	}
	return left, err
}

func (p *parser) not() (condition, error) {
	if !p.is("NOT") {
		return p.primary()
	}
	c, err := p.not()
	return func(i item) bool { return !c(i) }, err
}

func (p *parser) primary() (condition, error) {
	switch {
	case p.is("("):
		c, err := p.or()
		if err != nil {
			return nil, err
		}
		return c, p.must(")")
	case p.is("attribute_exists"):
		return p.exists(true)
	case p.is("attribute_not_exists"):
		return p.exists(false)
	default:
		return p.comparison()
	}
}

func (p *parser) exists(want bool) (condition, error) {
	if err := p.must("("); err != nil {
		return nil, err
	}
	name, err := p.attribute()
	if err != nil {
		return nil, err
	}
	return func(i item) bool { return (i[name] != nil) == want }, p.must(")")
}

func (p *parser) comparison() (condition, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	if p.is("IN") {
		return p.in(left)
	}
	sign := p.next()
	if !slices.Contains([]string{"=", "<>", "<", "<=", ">", ">="}, sign) {
		return nil, fmt.Errorf("unknown comparator %q", sign)
	}
	right, err := p.operand()
	return func(i item) bool { return compare(left(i), right(i), sign) }, err
}

func (p *parser) in(left operand) (condition, error) {
	if err := p.must("("); err != nil {
		return nil, err
	}
	var among []operand
	for {
		o, err := p.operand()
		if err != nil {
			return nil, err
		}
		among = append(among, o)
		if !p.is(",") {
			break
		}
	}
	return func(i item) bool {
		for _, o := range among {
			if compare(left(i), o(i), "=") {
				return true
			}
		}
		return false
	}, p.must(")")
}

// compare two attributes. What does not exist compares to nothing, but for <>, which DynamoDB finds true.
func compare(a, b attribute, sign string) bool {
	if a == nil || b == nil {
		return sign == "<>" && (a == nil) != (b == nil)
	}
	switch sign {
	case "=":
		return equal(a, b)
	case "<>":
		return !equal(a, b)
	}
	order, ok := order(a, b)
	return ok && (order < 0 && sign[0] == '<' || order > 0 && sign[0] == '>' || order == 0 && len(sign) == 2)
}

func equal(a, b attribute) bool {
	if order, ok := order(a, b); ok {
		return order == 0
	}
	return maps.Equal(a, b)
}

// order of two texts or two numbers.
func order(a, b attribute) (int, bool) {
	s, isText := a["S"].(string)
	t, alsoText := b["S"].(string)
	if isText && alsoText {
		return strings.Compare(s, t), true
	}
	m, isNumber := number(a)
	n, alsoNumber := number(b)
	if isNumber && alsoNumber {
		return m.Cmp(n), true
	}
	return 0, false
}

func number(a attribute) (*big.Rat, bool) {
	text, ok := a["N"].(string)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}
