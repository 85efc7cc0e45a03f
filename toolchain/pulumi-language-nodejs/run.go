package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	sdk "github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	// grace is how long a program that was told to end may take before it is killed.
	grace = 5 * time.Second
	// alreadyLogged is the exit code of a program that has told the engine its error itself.
	alreadyLogged = 32
)

// command prepares a process that ends when the call does or when the engine cancels.
func (h *host) command(ctx context.Context, stdout, stderr io.Writer, name string, args ...string) (*exec.Cmd, func()) {
	ctx, release := context.WithCancel(ctx)
	unlink := context.AfterFunc(h.running, release)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	return cmd, func() { unlink(); release() }
}

// script finds a program of the Pulumi SDK where Node.js would find it from dir.
func script(name, dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		path := filepath.Join(at, "node_modules", "@pulumi", "pulumi", "cmd", name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("@pulumi/pulumi is not installed for %s: run npm ci there first", dir)
		}
	}
}

func nodeArgs(options *structpb.Struct) []string {
	args, _ := options.AsMap()["nodeargs"].(string)
	return strings.Fields(args)
}

// optionEnv tells the SDK how to load TypeScript, as the runtime's options in Pulumi.yaml say.
func optionEnv(options *structpb.Struct) []string {
	env := []string{}
	set := options.AsMap()
	if typescript, ok := set["typescript"].(bool); !ok || typescript {
		env = append(env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if path, ok := set["tsconfig"].(string); ok {
		env = append(env, "PULUMI_NODEJS_TSCONFIG_PATH="+path)
	}
	return env
}

// configEnv passes the stack's configuration; keys arrive as "namespace:name" or "namespace:config:name".
func configEnv(req *pulumirpc.RunRequest) ([]string, error) {
	config := map[string]string{}
	for key, value := range req.Config {
		namespace, name, _ := strings.Cut(key, ":")
		config[namespace+":config:"+strings.TrimPrefix(name, "config:")] = value
	}
	values, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(append([]string{}, req.ConfigSecretKeys...))
	if err != nil {
		return nil, err
	}
	return []string{"PULUMI_CONFIG=" + string(values), "PULUMI_CONFIG_SECRET_KEYS=" + string(secrets)}, nil
}

// runArgs is the command line of the SDK's program runner.
func (h *host) runArgs(req *pulumirpc.RunRequest, runner string) []string {
	args := append(nodeArgs(req.Info.Options), runner)
	for _, flag := range [][2]string{
		{"monitor", req.MonitorAddress},
		{"engine", h.engine},
		{"organization", req.Organization},
		{"project", req.Project},
		{"root-directory", req.Info.RootDirectory},
		{"stack", req.Stack},
		{"pwd", req.Info.ProgramDirectory},
		{"parallel", strconv.Itoa(int(req.Parallel))},
		{"tracing", h.tracing},
	} {
		if flag[1] != "" {
			args = append(args, "--"+flag[0], flag[1])
		}
	}
	if req.DryRun {
		args = append(args, "--dry-run")
	}
	return append(append(args, req.Info.EntryPoint), req.Args...)
}

// Run executes a program. What it prints goes through this process to the engine, which shows it.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	runner, err := script("run", req.Info.ProgramDirectory)
	if err != nil {
		return nil, err
	}
	env, err := configEnv(req)
	if err != nil {
		return nil, err
	}
	cmd, release := h.command(ctx, os.Stdout, os.Stderr, "node", h.runArgs(req, runner)...)
	defer release()
	cmd.Env = append(append(os.Environ(), optionEnv(req.Info.Options)...), env...)
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case h.running.Err() != nil:
		return &pulumirpc.RunResponse{Bail: true}, nil // ended because the engine said so
	case !errors.As(err, &exit):
		return nil, err
	case exit.ExitCode() == alreadyLogged:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: "the program ended with " + exit.Error()}, nil
	}
}

// RunPlugin executes a plugin that is written in TypeScript: a policy pack (kind "analyzer") or a provider.
func (h *host) RunPlugin(req *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer) (err error) {
	ctx, dir := server.Context(), req.Info.ProgramDirectory
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	env := append(append([]string{}, req.Env...), optionEnv(req.Info.Options)...)
	if req.Kind == "analyzer" {
		return h.runPolicyPack(ctx, req, env, stdout, stderr)
	}
	runner, err := script("run-plugin", dir)
	if err != nil {
		return err
	}
	cmd, release := h.command(ctx, stdout, stderr, "node", append(append(nodeArgs(req.Info.Options), runner, dir), req.Args...)...)
	defer release()
	cmd.Dir, cmd.Env = req.Pwd, env
	return cmd.Run()
}

// runPolicyPack starts a pack behind a proxy, because a pack wants its configuration before it is started and the
// engine sends it afterwards.
func (h *host) runPolicyPack(ctx context.Context, req *pulumirpc.RunPluginRequest, env []string, stdout, stderr io.Writer) error {
	dir := req.Info.ProgramDirectory
	runner, err := script("run-policy-pack", dir)
	if err != nil {
		return err
	}
	proxy, output, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return err
	}
	config, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	if config != nil {
		values, err := json.Marshal(config.Config)
		if err != nil {
			return err
		}
		env = append(env, "PULUMI_NODEJS_ORGANIZATION="+config.Organization, "PULUMI_NODEJS_PROJECT="+config.Project,
			"PULUMI_NODEJS_STACK="+config.Stack, "PULUMI_NODEJS_DRY_RUN="+strconv.FormatBool(config.DryRun), "PULUMI_CONFIG="+string(values))
	}
	cmd, release := h.command(ctx, output, stderr, "node", append(append(append(nodeArgs(req.Info.Options), runner), req.Args...), dir)...)
	defer release()
	cmd.Dir, cmd.Env = dir, env
	if err := cmd.Start(); err != nil {
		return err
	}
	return proxy.Attach(ctx, cmd)
}
