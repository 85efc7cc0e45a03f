// Command pulumi-resource-kubernetes is the Kubernetes provider of Pulumi, from its own module.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is that of the npm package; the linker sets it.
var version = "0.0.0"

// The module carries the schema; the build puts it in place of schema.json.
//
//go:embed schema.json
var schema []byte

func main() {
	provider.Serve("kubernetes", version, schema, nil)
}
