// Package upgrade installs an older release on a real control plane, files claims, upgrades to what is in the work tree, and
// looks at what becomes of the claims. It is what "make upgrade" runs.
package upgrade
