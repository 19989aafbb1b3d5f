package main

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// limit of a payment, in minor units: cents, say.
const limit = 1_000_000

var (
	currencies = []string{"CHF", "EUR", "GBP", "USD"}

	keyPattern    = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
	sourcePattern = regexp.MustCompile(`^(tok|acc)_[A-Za-z0-9]{8,32}$`)
	separators    = strings.NewReplacer(" ", "", "-", "")
)

// A payment that is right.
type payment struct {
	idempotencyKey, currency, source string
	amount                           int
}

// A fieldError says what is wrong with a field.
type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// read a payment, or say what is wrong with each field. A field of another type is as wrong as a missing one, so each is
// looked at by itself.
func read(body string) (payment, []fieldError) {
	var fields map[string]any
	if err := json.Unmarshal([]byte(body), &fields); err != nil || fields == nil {
		return payment{}, []fieldError{{"body", "must be a JSON object"}}
	}
	var errs []fieldError
	expect := func(right bool, field, message string) {
		if !right {
			errs = append(errs, fieldError{field, message})
		}
	}
	key, _ := fields["idempotencyKey"].(string)
	amount, _ := fields["amount"].(float64)
	currency, _ := fields["currency"].(string)
	source, _ := fields["source"].(string)

	expect(keyPattern.MatchString(key), "idempotencyKey", "must be 8 to 64 letters, digits, - and _")
	expect(amount >= 1 && amount <= limit && amount == math.Trunc(amount),
		"amount", fmt.Sprintf("must be a whole number of minor units from 1 to %d", limit))
	expect(slices.Contains(currencies, currency), "currency", "must be one of "+strings.Join(currencies, ", "))
	if hasCardNumber(source) {
		expect(false, "source", "looks like a card number: send a token of it")
	} else {
		expect(sourcePattern.MatchString(source), "source", "must be tok_ or acc_ and 8 to 32 letters and digits")
	}
	return payment{key, currency, source, int(amount)}, errs
}

func hasCardNumber(text string) bool {
	runs := strings.FieldsFunc(separators.Replace(text), func(r rune) bool { return r < '0' || r > '9' })
	return slices.ContainsFunc(runs, func(digits string) bool {
		return len(digits) >= 13 && len(digits) <= 19 && luhn(digits)
	})
}

// luhn reports whether the check digit is right: see ISO/IEC 7812-1, annex B.
func luhn(digits string) bool {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i]-'0') * (i%2 + 1)
		if n > 9 {
			n -= 9
		}
		sum += n
	}
	return sum%10 == 0
}
