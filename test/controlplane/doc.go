// Package controlplane tests the whole product on a real control plane: what an app team sees from the moment it files a
// claim until the claim is gone, while functions die, resources fail and AWS changes its mind.
package controlplane
