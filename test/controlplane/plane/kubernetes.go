package plane

import (
	"context"
	"fmt"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/certs"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// groupAdmin is the group of users that may do everything.
const groupAdmin = "system:masters"

const executableAPIServer = "kube-apiserver"

// startAPIServer and the etcd that it stores everything in.
func (p *Plane) startAPIServer(ctx context.Context) error {
	var client, peer, secure int
	if err := process.FreePorts(&client, &peer, &secure); err != nil {
		return err
	}
	etcdURL, peerURL := fmt.Sprintf("http://127.0.0.1:%d", client), fmt.Sprintf("http://127.0.0.1:%d", peer)
	if _, err := p.run("etcd", []string{
		"--data-dir=" + p.Path("etcd"),
		"--listen-client-urls=" + etcdURL,
		"--advertise-client-urls=" + etcdURL,
		"--listen-peer-urls=" + peerURL,
		"--initial-advertise-peer-urls=" + peerURL,
		"--initial-cluster=default=" + peerURL,
		// Nothing has to survive a crash of this machine.
		"--unsafe-no-fsync",
		"--log-level=warn",
	}, nil); err != nil {
		return err
	}

	dir, err := p.issue("kube-apiserver")
	if err != nil {
		return err
	}
	cert, key := filepath.Join(dir, certs.FileCert), filepath.Join(dir, certs.FileKey)
	server, err := p.run(executableAPIServer, []string{
		"--etcd-servers=" + etcdURL,
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", secure),
		"--tls-cert-file=" + cert,
		"--tls-private-key-file=" + key,
		"--client-ca-file=" + filepath.Join(dir, certs.FileCA),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + cert,
		"--service-account-signing-key-file=" + key,
		"--service-cluster-ip-range=10.0.0.0/24",
		// There are no pods here, and so no endpoints to keep.
		"--endpoint-reconciler-type=none",
	}, nil)
	if err != nil {
		return err
	}

	if err := p.writeKubeconfig(fmt.Sprintf("https://127.0.0.1:%d", secure)); err != nil {
		return err
	}
	if err := p.connect(); err != nil {
		return err
	}
	return process.Eventually(ctx, "API server is ready", server, func(ctx context.Context) bool {
		_, err := p.get(ctx, "/readyz")
		return err == nil
	})
}

// writeKubeconfig of the administrator.
func (p *Plane) writeKubeconfig(server string) error {
	const name = "controlplane"
	dir, err := p.issue("admin", groupAdmin)
	if err != nil {
		return err
	}
	config := api.NewConfig()
	config.Clusters[name] = &api.Cluster{Server: server, CertificateAuthority: filepath.Join(dir, certs.FileCA)}
	config.AuthInfos[name] = &api.AuthInfo{ClientCertificate: filepath.Join(dir, certs.FileCert), ClientKey: filepath.Join(dir, certs.FileKey)}
	config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name
	return errors.Wrap(clientcmd.WriteToFile(*config, p.Kubeconfig), "cannot write a kubeconfig")
}

// startControllerManager with the two controllers that deletion needs, of which one deletes what is owned, the other what is in a
// namespace, and with the one that counts what a quota limits.
func (p *Plane) startControllerManager(context.Context) error {
	port, err := process.FreePort()
	if err != nil {
		return err
	}
	_, err = p.run("kube-controller-manager", []string{
		"--kubeconfig=" + p.Kubeconfig,
		"--authentication-kubeconfig=" + p.Kubeconfig,
		"--authorization-kubeconfig=" + p.Kubeconfig,
		// Each of them has the rights of its own role, as in a cluster that kubeadm has made: the policies of install.yaml ask for rights.
		"--use-service-account-credentials",
		"--controllers=garbage-collector-controller,namespace-controller,resourcequota-controller",
		"--leader-elect=false",
		"--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--cert-dir=" + p.Path("kube-controller-manager"),
		// The defaults are for clusters whose control plane is busy with much else.
		"--kube-api-qps=200",
		"--kube-api-burst=400",
		// A quota of a kind that this process does not know yet is counted at its next look, and it asks for kinds twice a minute.
		"--resource-quota-sync-period=10s",
	}, nil)
	return err
}
