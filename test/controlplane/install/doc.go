// Package install tests Crossplane's package manager at work on a control plane: the manifests of examples/install install the
// packages from a registry, as a platform team's GitOps tool does, and upgrade them in stages.
package install
