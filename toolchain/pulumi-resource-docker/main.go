// Command pulumi-resource-docker is the Docker provider of Pulumi: the Terraform provider behind Pulumi's bridge, with
// the resource names of the npm package @pulumi/docker. Its native Image is not here: RemoteImage is.
package main

import (
	"context"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// version is that of the npm package; the linker sets it.
var version = "0.0.0"

func tok(file, name string) tokens.Type { return tokens.Type("docker:index/" + file + ":" + name) }

func function(name string) *tfbridge.DataSourceInfo {
	return &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember("docker:index/" + name + ":" + name)}
}

func provider(version string) tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:       shimv2.NewProvider(shim.NewProvider(version)),
		Name:    "docker",
		Version: version,
		Config: map[string]*tfbridge.SchemaInfo{
			"host": {Default: &tfbridge.DefaultInfo{
				EnvVars: []string{"DOCKER_HOST"},
				ComputeDefault: func(context.Context, tfbridge.ComputeDefaultOptions) (any, error) {
					return "unix:///var/run/docker.sock", nil
				},
			}},
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": {
				Tok:                 tok("container", "Container"),
				DeleteBeforeReplace: true,
				Fields: map[string]*tfbridge.SchemaInfo{
					"command":           {Name: "command"},
					"networks_advanced": {Name: "networksAdvanced"},
				},
			},
			"docker_image":          {Tok: tok("remoteImage", "RemoteImage"), Fields: map[string]*tfbridge.SchemaInfo{"name": {Name: "name"}}},
			"docker_network":        {Tok: tok("network", "Network")},
			"docker_volume":         {Tok: tok("volume", "Volume")},
			"docker_config":         {Tok: tok("serviceConfig", "ServiceConfig")},
			"docker_secret":         {Tok: tok("secret", "Secret")},
			"docker_service":        {Tok: tok("service", "Service")},
			"docker_registry_image": {Tok: tok("registryImage", "RegistryImage")},
			"docker_plugin":         {Tok: tok("plugin", "Plugin")},
			"docker_tag":            {Tok: tok("tag", "Tag")},
			"docker_buildx_builder": {Tok: tok("buildxBuilder", "BuildxBuilder")},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image":                    function("getRemoteImage"),
			"docker_logs":                     function("getLogs"),
			"docker_network":                  function("getNetwork"),
			"docker_plugin":                   function("getPlugin"),
			"docker_registry_image":           function("getRegistryImage"),
			"docker_registry_image_manifests": function("getRegistryImageManifests"),
		},
		EnableAccurateBridgePreview: true,
	}
	info.SetAutonaming(255, "-")
	return info
}

func main() {
	tfbridge.Main("docker", version, provider(version), []byte("{}"))
}
