// One or more TCP downloads in ns-3, set up as the simulator's own benchmark and as the measured
// Linux downloads are: prints the completion time of the first download, and what the run cost.
//
// Build on Debian (ns3, libns3-dev, libgsl-dev):
//   g++ -O2 download.cc -o download -lns3-applications -lns3-internet -lns3-bridge \
//     -lns3-traffic-control -lns3-point-to-point -lns3-network -lns3-stats -lns3-core
#include <ctime>
#include <iostream>
#include <set>
#include <sstream>

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

using namespace ns3;

// Loses chosen packets: by their count among all, or among those with 100 bytes of payload or more.
class ChosenLosses : public ErrorModel {
 public:
  static TypeId GetTypeId() {
    static TypeId id = TypeId("ChosenLosses").SetParent<ErrorModel>();
    return id;
  }
  static std::set<uint64_t> Numbers(const std::string& text) {
    std::set<uint64_t> numbers;
    std::stringstream stream(text);
    for (std::string word; std::getline(stream, word, ',');)
      if (!word.empty()) numbers.insert(std::stoul(word));
    return numbers;
  }
  std::set<uint64_t> amongAll, amongData;

 private:
  bool DoCorrupt(Ptr<Packet> packet) override {
    const bool isData = packet->GetSize() >= 100 + 52;  // IP and TCP headers with timestamps
    const bool hit = amongAll.count(++all_) > 0;
    return (isData && amongData.count(++data_) > 0) || hit;
  }
  void DoReset() override { all_ = data_ = 0; }
  uint64_t all_ = 0, data_ = 0;
};

static uint64_t received = 0, wanted = 0, dataPackets = 0;
static Time completed;

static void Received(Ptr<const Packet> packet, const Address&) {
  received += packet->GetSize();
  if (received >= wanted && completed.IsZero()) completed = Simulator::Now();
}

static void Sent(Ptr<const Packet> packet) {
  if (packet->GetSize() > 500) dataPackets++;
}

int main(int argc, char** argv) {
  uint64_t bytes = 200000;
  uint32_t flows = 1, queue = 100;
  double rtt = 50;
  std::string rate = "100Mbps", congestion = "ns3::TcpCubic", drop, lost;
  CommandLine options;
  options.AddValue("bytes", "bytes of all downloads together", bytes);
  options.AddValue("flows", "downloads at once", flows);
  options.AddValue("rate", "rate of the link", rate);
  options.AddValue("rtt", "round trip of the empty path, ms", rtt);
  options.AddValue("queue", "packets that may wait", queue);
  options.AddValue("congestion", "ns3::TcpCubic or ns3::TcpLinuxReno", congestion);
  options.AddValue("drop", "data packets to lose", drop);
  options.AddValue("lost", "packets to lose, among all", lost);
  options.Parse(argc, argv);

  Config::SetDefault("ns3::TcpL4Protocol::SocketType", StringValue(congestion));
  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
  Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(10));
  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(32 << 20));
  Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(32 << 20));
  Config::SetDefault("ns3::TcpSocket::DelAckTimeout", TimeValue(MilliSeconds(40)));
  Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(200)));

  NodeContainer nodes;
  nodes.Create(2);
  PointToPointHelper link;
  link.SetDeviceAttribute("DataRate", StringValue(rate));
  link.SetChannelAttribute("Delay", TimeValue(MicroSeconds(rtt * 500)));
  link.SetQueue("ns3::DropTailQueue", "MaxSize",
                QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, queue)));
  NetDeviceContainer devices = link.Install(nodes);
  InternetStackHelper().Install(nodes);
  Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
  Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
  TrafficControlHelper().Uninstall(devices);
  Ptr<ChosenLosses> losses = CreateObject<ChosenLosses>();
  losses->amongData = ChosenLosses::Numbers(drop);
  losses->amongAll = ChosenLosses::Numbers(lost);
  devices.Get(1)->SetAttribute("ReceiveErrorModel", PointerValue(losses));
  devices.Get(0)->TraceConnectWithoutContext("PhyTxEnd", MakeCallback(&Sent));

  wanted = bytes / flows;
  for (uint32_t flow = 0; flow < flows; flow++) {
    const uint16_t port = 5000 + flow;
    BulkSendHelper sender("ns3::TcpSocketFactory",
                          InetSocketAddress(interfaces.GetAddress(1), port));
    sender.SetAttribute("MaxBytes", UintegerValue(bytes / flows));
    sender.SetAttribute("SendSize", UintegerValue(1448));
    sender.Install(nodes.Get(0)).Start(Seconds(0));
    PacketSinkHelper sink("ns3::TcpSocketFactory",
                          InetSocketAddress(Ipv4Address::GetAny(), port));
    ApplicationContainer sinks = sink.Install(nodes.Get(1));
    sinks.Start(Seconds(0));
    if (flow == 0) sinks.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&Received));
  }
  Simulator::Stop(Seconds(600));
  const clock_t start = clock();
  Simulator::Run();
  const double seconds = double(clock() - start) / CLOCKS_PER_SEC;
  // Here the sender connects; in the measurements the client does, and asks: half a round trip more.
  std::cout << "complete_ms " << completed.GetSeconds() * 1000 + rtt / 2 << " data_packets "
            << dataPackets << " cpu_s " << seconds << " data_packets_per_s "
            << dataPackets / seconds << "\n";
}
