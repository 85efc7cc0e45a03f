import type { FileInput } from "../core/description";

const folder = "/etc/graphite";
const storage = "/opt/graphite/storage";

/** Where the secret is that Django signs with. */
export const djangoSecretName = "graphite-django-secret";

/** Metrics whose names match a pattern, and how they are kept: `30s:1d,5m:30d` is a point each 30 s for a day, then one each 5 min. */
export interface Retention {
  readonly name: string;
  /** Regular expression. */
  readonly pattern: string;
  readonly retentions: string;
}

/** What runs both programs: the script is Python, which both images have, as one of them has no bash. */
export const graphiteStart: readonly string[] = ["/opt/graphite/bin/python3", `${folder}/start.py`];

export const graphiteEnv: Readonly<Record<string, string>> = {
  // also where the upstream image has the web application; its Python finds Debian's by itself
  PYTHONPATH: `/opt/graphite/webapp:${folder}`,
  PYTHONDONTWRITEBYTECODE: "1",
  DJANGO_SETTINGS_MODULE: "graphite.settings",
  GRAPHITE_SETTINGS_MODULE: "twofold_settings",
  GRAPHITE_STORAGE_DIR: storage,
  GRAPHITE_CONF_DIR: folder,
  HOME: "/tmp",
};

/** The programs' configuration, and the script that starts them. */
export function graphiteFiles(retentions: readonly Retention[], ports: { carbon: number; http: number }): FileInput[] {
  return [
    { path: `${folder}/carbon.conf`, content: carbon(ports.carbon) },
    { path: `${folder}/storage-schemas.conf`, content: schemas(retentions) },
    { path: `${folder}/storage-aggregation.conf`, content: aggregation },
    { path: `${folder}/twofold_settings.py`, content: settings },
    { path: `${folder}/twofold_wsgi.py`, content: wsgi },
    { path: `${folder}/start.py`, content: start(ports.http) },
  ];
}

// Queries between the web application and the cache stay inside the container; pickles, which can run code, are not taken.
const carbon = (port: number): string => `[cache]
STORAGE_DIR = ${storage}
LOCAL_DATA_DIR = ${storage}/whisper/
CONF_DIR = ${folder}/
LOG_DIR = /tmp/
PID_DIR = /tmp/
USER =
LINE_RECEIVER_INTERFACE = 0.0.0.0
LINE_RECEIVER_PORT = ${port}
ENABLE_UDP_LISTENER = False
PICKLE_RECEIVER_PORT = 0
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = 7002
USE_INSECURE_UNPICKLER = False
MAX_CACHE_SIZE = 1000000
MAX_UPDATES_PER_SECOND = 500
MAX_CREATES_PER_MINUTE = 600
WHISPER_AUTOFLUSH = True
WHISPER_FALLOCATE_CREATE = True
ENABLE_TAGS = False
LOG_UPDATES = False
LOG_CREATES = False
LOG_CACHE_HITS = False
CARBON_METRIC_PREFIX = carbon
CARBON_METRIC_INTERVAL = 60
`;

const schemas = (retentions: readonly Retention[]): string =>
  [{ name: "carbon", pattern: "^carbon\\.", retentions: "60s:7d" }, ...retentions]
    .map(({ name, pattern, retentions: kept }) => `[${name}]\npattern = ${pattern}\nretentions = ${kept}\n`)
    .join("\n");

// Counts are added up when points are gathered into coarser ones, all else is averaged.
const aggregation = `[counts]
pattern = \\.count$
xFilesFactor = 0
aggregationMethod = sum

[rest]
pattern = .*
xFilesFactor = 0.1
aggregationMethod = average
`;

const settings = `import os

with open("/run/secrets/${djangoSecretName}") as lines:
    SECRET_KEY = [*lines][0]
ALLOWED_HOSTS = ["*"]
DEBUG = False
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
LOG_DIR = "/tmp"
LOG_ROTATION = False
STORAGE_DIR = "${storage}"
WHISPER_DIR = "${storage}/whisper"
STANDARD_DIRS = [WHISPER_DIR]
CARBONLINK_HOSTS = ["127.0.0.1:7002"]
STATIC_ROOT = next(
    (folder for folder in ("/opt/graphite/static", "/usr/share/graphite-web/static") if os.path.isdir(folder)), ""
)
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "${storage}/graphite.db"},
}
`;

// Instead of the package's own module, which looks for a WhiteNoise older than the one that Debian has.
const wsgi = `from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
try:
    from whitenoise import WhiteNoise
except ImportError:
    pass
else:
    application = WhiteNoise(application, root=settings.STATIC_ROOT, prefix="static/")
`;

const start = (
  port: number,
): string => `"""Runs carbon and the web application; when one of them ends, so does the other."""
import contextlib
import os
import signal
import subprocess
import sys

BIN = "/opt/graphite/bin"
os.makedirs("${storage}/whisper", exist_ok=True)
# of a container that was killed: its number may be that of another process by now
with contextlib.suppress(FileNotFoundError):
    os.remove("/tmp/carbon-cache-a.pid")
subprocess.run([sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"], check=True)

children = [
    subprocess.Popen([sys.executable, f"{BIN}/carbon-cache.py", "--config=${folder}/carbon.conf", "--debug", "start"]),
    subprocess.Popen([
        sys.executable, f"{BIN}/gunicorn", "twofold_wsgi", "--bind=0.0.0.0:${port}", "--workers=2",
        "--worker-tmp-dir=/tmp", "--log-level=warning",
    ]),
]


def stop(*_):
    for child in children:
        if child.poll() is None:
            child.terminate()


for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(name, stop)
os.wait()
stop()
sys.exit(max(abs(child.wait()) for child in children))
`;
