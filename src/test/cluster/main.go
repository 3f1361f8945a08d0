// Command cluster is the control plane of the cluster tests: the API server, the controller manager and kubectl of one
// Kubernetes release in one program, which acts by the name it is called by. One program links what the three share once,
// which saves two thirds of the build.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	commands := map[string]func() *cobra.Command{
		"kube-apiserver":          apiserver.NewAPIServerCommand,
		"kube-controller-manager": controllermanager.NewControllerManagerCommand,
		"kubectl":                 kubectl.NewDefaultKubectlCommand,
	}
	name := filepath.Base(os.Args[0])
	command, known := commands[name]
	if !known {
		fmt.Fprintf(os.Stderr, "%s: call this program by one of the names kube-apiserver, kube-controller-manager, kubectl\n", name)
		os.Exit(2)
	}
	os.Exit(cli.Run(command()))
}
