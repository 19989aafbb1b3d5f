#!/bin/sh
# Print what another version would change of a claim in the cluster: diff.sh NAMESPACE CLAIM OLD NEW
# OLD and NEW are checkouts of the two versions, in each of which "make render" has run once. Nothing in the cluster is changed.
set -eu
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
kubectl get pdp "$2" -n "$1" -o yaml > "$dir/claim.yaml"
kubectl get environmentconfigs -l paymentdelivery.io/platform-settings=true -o yaml > "$dir/settings.yaml"
kubectl get managed -l "crossplane.io/claim-namespace=$1,crossplane.io/claim-name=$2" -o yaml > "$dir/observed.yaml"
render() { (cd "$1" && .cache/bin/render "$dir/claim.yaml" --observed="$dir/observed.yaml" --settings="$dir/settings.yaml"); }
render "$3" > "$dir/old.yaml"
render "$4" > "$dir/new.yaml"
diff -U 8 "$dir/old.yaml" "$dir/new.yaml" | sed 1,2d
