// Command cadvisor serves the resource use of the machine's containers as Prometheus metrics. It puts the container
// manager and the collectors of github.com/google/cadvisor behind one port, and takes the flags of the upstream command
// that concern them; an unknown flag ends it, so that a description cannot rely on one that only upstream has.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/google/cadvisor/cache/memory"
	"github.com/google/cadvisor/container"
	_ "github.com/google/cadvisor/container/docker/install"
	v2 "github.com/google/cadvisor/info/v2"
	"github.com/google/cadvisor/manager"
	"github.com/google/cadvisor/metrics"
	"github.com/google/cadvisor/utils/sysfs"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
)

// The sets that upstream leaves out unless told otherwise.
var disabled = container.MetricSet{
	container.MemoryNumaMetrics: {}, container.NetworkTcpUsageMetrics: {}, container.NetworkUdpUsageMetrics: {},
	container.NetworkAdvancedTcpUsageMetrics: {}, container.ProcessSchedulerMetrics: {}, container.ProcessMetrics: {},
	container.HugetlbUsageMetrics: {}, container.ReferencedMemoryMetrics: {}, container.CPUTopologyMetrics: {},
	container.ResctrlMetrics: {}, container.CPUSetMetrics: {},
}

func main() {
	enabled := container.MetricSet{}
	listen := flag.String("listen_ip", "", "address to listen on; all when empty")
	port := flag.Int("port", 8080, "port to listen on")
	storageDuration := flag.Duration("storage_duration", 2*time.Minute, "how long to keep samples in memory")
	allLabels := flag.Bool("store_container_labels", true, "whether every container label becomes a metric label")
	someLabels := flag.String("whitelisted_container_labels", "", "container labels to keep when not all are, by comma")
	rawPrefixes := flag.String("raw_cgroup_prefix_whitelist", "", "cgroups to report beside Docker's containers, by comma")
	flag.Var(&disabled, "disable_metrics", "sets of metrics to leave out, by comma")
	flag.Var(&enabled, "enable_metrics", "sets of metrics to report; overrides disable_metrics")
	klog.InitFlags(nil)
	flag.Parse()
	if flag.NArg() > 0 {
		klog.Exitf("unexpected argument %q", flag.Arg(0))
	}

	included := enabled
	if len(included) == 0 {
		included = container.AllMetrics.Difference(disabled)
	}
	// asking for what no plugin of this program reads would end it
	included = included.Difference(container.MetricSet{container.ResctrlMetrics: {}})
	m, err := manager.New(memory.New(*storageDuration, nil), sysfs.NewRealSysFs(), manager.HousekeepingConfigFlags,
		included, http.DefaultClient, strings.Split(*rawPrefixes, ","), nil, "", 0)
	if err != nil {
		klog.Exitf("cannot read the machine: %v", err)
	}
	if err := m.Start(); err != nil {
		klog.Exitf("cannot start watching containers: %v", err)
	}

	labels := metrics.DefaultContainerLabels
	if !*allLabels {
		labels = metrics.BaseContainerLabels(strings.Split(*someLabels, ","))
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		metrics.NewPrometheusCollector(m, labels, included, clock.RealClock{},
			v2.RequestOptions{IdType: v2.TypeName, Count: 1, Recursive: true}),
		metrics.NewPrometheusMachineCollector(m, included),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		received := <-signals
		klog.Infof("ending on signal %v", received)
		os.Exit(0)
	}()
	if err := http.ListenAndServe(fmt.Sprintf("%s:%d", *listen, *port), mux); !errors.Is(err, http.ErrServerClosed) {
		klog.Exitf("cannot serve: %v", err)
	}
}
