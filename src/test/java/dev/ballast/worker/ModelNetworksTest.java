package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNetworksTest {
  private final ModelNetworks networks = new ModelNetworks(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "198.18.0.1",
        "192.0.0.8",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "fe80::1",
        "fec0::1",
        "fd00::1",
        "fc00::1",
        "ff02::1",
        "3fff::1"
      })
  void whatIsNotPublicIsRefused(String address) {
    assertThat(networks.permits(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "93.184.215.14",
        "172.15.0.1",
        "172.32.0.1",
        "100.128.0.1",
        "169.253.1.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::101:101",
        "2002:101:101::1"
      })
  void whatIsPublicIsPermitted(String address) {
    assertThat(networks.permits(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void itsOwnerMayAllowANetworkAndNoOther() {
    ModelNetworks own = new ModelNetworks(List.of("10.20.0.0/15", "fd12::/16", "192.168.7.7"));

    assertThat(own.permits(InetAddress.ofLiteral("10.21.255.1"))).isTrue();
    assertThat(own.permits(InetAddress.ofLiteral("10.22.0.1"))).isFalse();
    assertThat(own.permits(InetAddress.ofLiteral("fd12::5"))).isTrue();
    assertThat(own.permits(InetAddress.ofLiteral("fd13::5"))).isFalse();
    assertThat(own.permits(InetAddress.ofLiteral("192.168.7.7"))).isTrue();
    assertThat(own.permits(InetAddress.ofLiteral("192.168.7.8"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "example.org", "10.0.0.0/x", ""})
  void whatIsNoNetworkIsSaid(String text) {
    assertThatThrownBy(() -> new ModelNetworks(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no network");
  }
}
