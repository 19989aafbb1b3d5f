// Package config stands in for how upjet is configured.
package config

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/terraform"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
)

// A NewInitializerFn makes what initializes managed resources.
type NewInitializerFn func(client client.Client) managed.Initializer

// A CustomDiff changes what Terraform would change.
type CustomDiff func(*terraform.InstanceDiff, *terraform.InstanceState, *terraform.ResourceConfig) (*terraform.InstanceDiff, error)
