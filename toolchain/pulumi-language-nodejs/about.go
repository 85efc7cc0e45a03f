package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// About says which Node.js and npm are used; a machine without npm still runs programs.
func (h *host) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("Node.js is not on PATH: %w", err)
	}
	installed, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, err
	}
	about := &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(installed)), Metadata: map[string]string{}}
	if version := npmVersion(); version != "" {
		about.Metadata["npm"] = version
	}
	return about, nil
}

// npmVersion reads it from npm's own package.json: the engine asks at each run, and to start npm takes longer than Node.js.
func npmVersion() string {
	link, err := exec.LookPath("npm")
	if err != nil {
		return ""
	}
	// .../npm/bin/npm-cli.js
	program, err := filepath.EvalSymlinks(link)
	if err != nil {
		return ""
	}
	npm := manifest{}
	if err := readJSON(&npm, filepath.Dir(filepath.Dir(program)), "package.json"); err != nil {
		return ""
	}
	return npm.Version
}

// manifest is the part of a package.json, and of an entry of package-lock.json, that is read here.
type manifest struct {
	Version         string            `json:"version"`
	Dependencies    map[string]string `json:"dependencies"`
	DevDependencies map[string]string `json:"devDependencies"`
}

func readJSON(into any, path ...string) error {
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// GetProgramDependencies lists the packages of package.json as they are installed, or as npm's record of
// node_modules lists them where the indirect ones are asked for too.
func (h *host) GetProgramDependencies(_ context.Context, req *pulumirpc.GetProgramDependenciesRequest) (*pulumirpc.GetProgramDependenciesResponse, error) {
	dir := req.Info.ProgramDirectory
	versions := map[string]string{}
	if req.TransitiveDependencies {
		record := struct {
			Packages map[string]manifest `json:"packages"`
		}{}
		if err := readJSON(&record, dir, "node_modules", ".package-lock.json"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for path, entry := range record.Packages {
			if parts := strings.Split("/"+path, "/node_modules/"); len(parts) > 1 {
				versions[parts[len(parts)-1]] = entry.Version
			}
		}
	} else {
		program := manifest{}
		if err := readJSON(&program, dir, "package.json"); err != nil {
			return nil, err
		}
		for _, group := range []map[string]string{program.Dependencies, program.DevDependencies} {
			for name, wanted := range group {
				installed := manifest{Version: wanted}
				if err := readJSON(&installed, dir, "node_modules", name, "package.json"); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return nil, err
				}
				versions[name] = installed.Version
			}
		}
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for name, version := range versions {
		response.Dependencies = append(response.Dependencies, &pulumirpc.DependencyInfo{Name: name, Version: version})
	}
	slices.SortFunc(response.Dependencies, func(a, b *pulumirpc.DependencyInfo) int { return strings.Compare(a.Name, b.Name) })
	return response, nil
}

// InstallDependencies runs npm, with what it prints shown as it comes.
func (h *host) InstallDependencies(req *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer) error {
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, req.IsTerminal)
	if err != nil {
		return err
	}
	cmd, release := h.command(server.Context(), stdout, stderr, "npm", "install", "--no-audit", "--no-fund")
	defer release()
	cmd.Dir = req.Info.ProgramDirectory
	return errors.Join(cmd.Run(), closer.Close())
}
