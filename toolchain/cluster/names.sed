# metrics-server names its schemas by a method that the types have since Kubernetes 1.35: their paths are put in its place.
s#\bresource\.([A-Za-z0-9]+)\{\}\.OpenAPIModelName\(\)#"k8s.io/apimachinery/pkg/api/resource.\1"#g
s#\bv1\.([A-Za-z0-9]+)\{\}\.OpenAPIModelName\(\)#"k8s.io/apimachinery/pkg/apis/meta/v1.\1"#g
s#\bv1beta1\.([A-Za-z0-9]+)\{\}\.OpenAPIModelName\(\)#"k8s.io/metrics/pkg/apis/metrics/v1beta1.\1"#g
s#\bversion\.([A-Za-z0-9]+)\{\}\.OpenAPIModelName\(\)#"k8s.io/apimachinery/pkg/version.\1"#g
/^\t(version|v1beta1) "k8s\.io\//d
