// Package aws tests pipelines on the real provider-aws, against emulators of AWS that others wrote.
package aws
