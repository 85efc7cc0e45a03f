// Command pulumi-language-nodejs runs Pulumi programs and policy packs with the Node.js on PATH.
// It implements the part of Pulumi's LanguageRuntime protocol that a TypeScript program needs.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// version is that of Pulumi; the linker sets it.
var version = "0.0.0"

// engineInterval is how often the engine is asked whether it is alive: an engine that was killed asks for nothing more.
const engineInterval = 5 * time.Second

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine  string // address of the engine; empty where there is none to report to
	tracing string
	running context.Context // done as soon as programs must end
	abort   context.CancelFunc
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

func (h *host) Handshake(context.Context, *pulumirpc.LanguageHandshakeRequest) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetRequiredPackages names nothing: each resource that a program registers says which provider version it needs.
func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) RuntimeOptionsPrompts(context.Context, *pulumirpc.RuntimeOptionsRequest) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

// Cancel ends every program that runs; their Run calls return once they have.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.abort()
	return &emptypb.Empty{}, nil
}

func serve() error {
	h := &host{}
	h.running, h.abort = context.WithCancel(context.Background())
	flags := flag.NewFlagSet("pulumi-language-nodejs", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&h.tracing, "tracing", "", "address that receives traces")
	_ = flags.Parse(os.Args[1:]) // a newer engine may pass flags that mean nothing here
	h.engine = flags.Arg(0)

	stop := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, h)
			return nil
		},
	})
	if err != nil {
		return err
	}
	if h.engine != "" {
		gone := func() { h.abort(); close(stop) }
		if err := rpcutil.Healthcheck(context.Background(), h.engine, engineInterval, gone); err != nil {
			return err
		}
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}
