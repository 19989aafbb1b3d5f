package cloudwatch

import (
	"fmt"
	"strings"
)

// Percent is the share of part in whole, both ids or expressions. Of nothing it is 0.
func Percent(part, whole string) string {
	return fmt.Sprintf("IF(%s > 0, 100 * %s / %s, 0)", whole, part, whole)
}

// PercentFilled is Percent of metrics that have no point where nothing happened.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
func PercentFilled(part, whole string) string {
	return fmt.Sprintf("IF(FILL(%s, 0) > 0, 100 * FILL(%s, 0) / FILL(%s, 1), 0)", whole, part, whole)
}

// Search for metrics that are not known beforehand. They must match all of the supplied terms: at most 100 that had a point in the last two weeks
// are found.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
func Search(stat string, seconds int, terms ...string) string {
	return fmt.Sprintf("SEARCH('%s', '%s', %d)", strings.Join(terms, " "), stat, seconds)
}

// In is the term for metrics of a namespace with exactly these dimensions.
func In(namespace string, dimensions ...string) string {
	return "{" + strings.Join(append([]string{namespace}, dimensions...), ",") + "}"
}

// Is the term for metrics of which something, such as MetricName or a dimension, has exactly this value.
func Is(key, value string) string {
	return fmt.Sprintf("%s=%q", key, value)
}

// Has is the term for metrics of which anything has exactly this value.
func Has(value string) string {
	return fmt.Sprintf("%q", value)
}
