# kube-score's labels lack the method that Kubernetes 1.34 added to the interface.
$a\
\
func (l MapLabels) Lookup(key string) (string, bool) {\
	value, ok := l[key]\
	return value, ok\
}
