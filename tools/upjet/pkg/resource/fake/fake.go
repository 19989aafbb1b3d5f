// Package fake is imported by tests of provider-aws, which are not run here.
package fake
