// Package ecs stands in for Traefik's provider of that name, which finds services on Amazon's ECS and for that brings
// Amazon's largest library along: it takes as long to compile as all the rest of Traefik.
package ecs

import (
	"errors"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/safe"
)

var errLeftOut = errors.New("this build does not know Amazon ECS")

// Provider refuses to start.
type Provider struct{}

// Init says why.
func (*Provider) Init() error { return errLeftOut }

// Provide is not reached.
func (*Provider) Provide(chan<- dynamic.Message, *safe.Pool) error { return errLeftOut }
