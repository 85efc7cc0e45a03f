// Command pulumi-resource-random is the random provider of Pulumi: the Terraform provider behind Pulumi's bridge, with
// the resource names of the npm package @pulumi/random.
package main

import (
	"context"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

// version is that of the npm package; the linker sets it.
var version = "0.0.0"

func provider(version string) tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:                           pfbridge.ShimProvider(shim.NewProvider()),
		Name:                        "random",
		Version:                     version,
		EnableAccurateBridgePreview: true,
		MetadataInfo:                tfbridge.NewProviderMetadata([]byte("{}")),
	}
	std := tokens.MakeStandard("random")
	info.MustComputeTokens(tokens.SingleModule("random_", "index", func(mod, name string) (string, error) {
		return std(mod, "Random"+name)
	}))
	return info
}

func main() {
	pfbridge.Main(context.Background(), "random", provider(version), pfbridge.ProviderMetadata{PackageSchema: []byte("{}")})
}
