// Package services tests what the pipeline makes of services: it builds the examples with the buildspecs that the function
// generates, as CodeBuild would, and runs what comes of it, and the bootstrap code, in Lambda's Runtime Interface Emulator. See the
// Makefile's services.
package services
