// Package dns stands in for the package of that name of lego, the ACME client of Traefik, which knows the programming
// interfaces of a hundred clouds: Traefik takes its certificates from Secrets here.
package dns

import (
	"fmt"

	"github.com/go-acme/lego/v4/challenge"
)

// NewDNSChallengeProviderByName knows no provider.
func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("this build has no DNS provider: %s", name)
}
